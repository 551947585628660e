"""One folder for each Lambda function, named after its logical id: OnUploadFunction is `on_upload/handler.py`."""

import gc

# A cold start makes 15,000 to 85,000 objects that stay: looking through them for garbage took a tenth of its time.
# From the first invocation on it is looked for as usual: `mesonet.telemetry`
gc.set_threshold(150_000)
