"""One folder for each Lambda function, named after its logical id: OnUploadFunction is `on_upload/handler.py`."""
