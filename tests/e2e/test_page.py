"""The page's files in their bucket, as `make deploy` puts them there."""

from local import page
from tests.deployed import Deployed


def test_assets_are_kept_for_ever_and_the_page_is_asked_for_anew(deployed: Deployed) -> None:
    page.build()
    s3 = deployed.client("s3")
    put = page.publish(deployed.said, s3=s3)
    assert put
    for name in put:
        head = s3.head_object(Bucket=deployed.said["WebBucket"], Key=name)
        lasting = name.startswith("assets/")
        assert head["CacheControl"] == ("public, max-age=31536000, immutable" if lasting else "no-cache")
    assert s3.head_object(Bucket=deployed.said["WebBucket"], Key="index.html")["ContentType"] == "text/html"
    # A second time there is nothing new but what is asked for anew
    assert {name for name in page.publish(deployed.said, s3=s3) if name.startswith("assets/")} == set()
