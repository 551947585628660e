"""The light client of SNS beside botocore's: the same form, the same answer, the same refusals."""

from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from mesonet import aws, dynamodb_client
from mesonet.dynamodb_client import Credentials, Reply, ServiceError, Unreachable
from mesonet.sns_client import SNSClient, encoded

MODEL = botocore.session.get_session().get_service_model("sns").operation_model("PublishBatch")
TOPIC = "arn:aws:sns:eu-central-1:123456789012:files"
texts = st.text(max_size=40)
attributes = st.dictionaries(
    st.text(min_size=1, max_size=5), st.builds(lambda text: {"DataType": "String", "StringValue": text}, texts), max_size=3
)
ONE = [{"Id": "0", "Message": "{}"}]


def client() -> SNSClient:
    return SNSClient("https://sns.eu-central-1.amazonaws.com", region="eu-central-1", credentials=Credentials("AKID", "secret"))


@given(st.lists(st.builds(lambda text, given: {"Id": "0", "Message": text, "MessageAttributes": given}, texts, attributes)))
def test_the_form_is_botocores(entries: list[dict[str, Any]]) -> None:
    arguments = {"TopicArn": TOPIC, "PublishBatchRequestEntries": entries}
    theirs = create_serializer("query").serialize_to_request(arguments, MODEL)["body"]
    ours = parse_qsl(client()._body("PublishBatch", arguments).decode(), keep_blank_values=True, strict_parsing=True)
    # a list without entries, which AWS refuses, has a member of its own in botocore's
    assert dict(ours) == {name: value for name, value in theirs.items() if name != "PublishBatchRequestEntries"}


@given(st.lists(st.one_of(texts, st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))))
def test_values_encoded_together_are_those_encoded_alone(values: list[str]) -> None:
    plain = "abcXYZ019-._~%"
    for value, ours in zip(values, encoded(values), strict=True):
        assert parse_qsl(f"x={ours}", keep_blank_values=True, strict_parsing=True) == [("x", value)]
        assert set(ours) <= {*plain, *"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"}


ANSWER = b"""<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <PublishBatchResult>
    <Failed><member><Id>1</Id><Code>InternalError</Code><Message>a &lt;b&gt;</Message><SenderFault>false</SenderFault></member>
      <member><Id>3</Id><Code>InvalidParameter</Code><Message>too long</Message><SenderFault>true</SenderFault></member>
    </Failed>
    <Successful><member><Id>0</Id><MessageId>m0</MessageId></member>
      <member><Id>2</Id><MessageId>m2</MessageId></member></Successful>
  </PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>"""
NOTHING_FAILED = b"""<PublishBatchResponse><PublishBatchResult><Successful><member><Id>0</Id><MessageId>m</MessageId></member>
</Successful><Failed/></PublishBatchResult></PublishBatchResponse>"""


@pytest.mark.parametrize("answer", [ANSWER, NOTHING_FAILED])
def test_an_answer_says_what_botocore_reads_in_it(answer: bytes) -> None:
    told = {"status_code": 200, "headers": {}, "body": answer}
    assert MODEL.output_shape is not None
    theirs = create_parser("query").parse(told, MODEL.output_shape)
    with patch.object(SNSClient, "_exchange", lambda *_: Reply(200, {}, answer)):
        ours = client().publish_batch(TopicArn=TOPIC, PublishBatchRequestEntries=ONE)
    assert ours == {name: theirs.get(name, []) for name in ("Successful", "Failed")}


def refusal(code: str) -> bytes:
    return f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>".encode()


def asked(*replies: Reply) -> tuple[Any, int]:
    """What comes of it, and how often SNS was asked."""
    left = list(replies)
    with (
        patch.object(SNSClient, "_exchange", lambda *_: left.pop(0)),
        patch.object(dynamodb_client, "sleep", lambda _: None),
    ):
        try:
            came: Any = client().publish_batch(TopicArn=TOPIC, PublishBatchRequestEntries=ONE)
        except (ServiceError, Unreachable) as exc:
            came = exc
    return came, len(replies) - len(left)


@pytest.mark.parametrize(
    ("status", "code"), [(400, "Throttled"), (400, "Throttling"), (500, "InternalError"), (400, "KMSThrottling")]
)
def test_what_passes_is_asked_again(status: int, code: str) -> None:
    came, times = asked(Reply(status, {}, refusal(code)), Reply(200, {}, NOTHING_FAILED))
    assert (came["Failed"], times) == ([], 2)


def test_a_refusal_is_told_at_once_with_its_code() -> None:
    came, times = asked(Reply(403, {}, refusal("AuthorizationError")), Reply(200, {}, NOTHING_FAILED))
    assert isinstance(came, ServiceError)
    assert (came.response["Error"], times) == ({"Code": "AuthorizationError", "Message": "no"}, 1)


def test_an_answer_that_is_none_is_never_taken_for_success() -> None:
    came, times = asked(*[Reply(200, {}, b"<html>a proxy's page</html>")] * 5)
    assert isinstance(came, Unreachable)
    assert times == 5


def test_it_is_had_for_publishing_alone_and_where_the_credentials_are_lambdas() -> None:
    given_by_lambda = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "cn-north-1"}
    light = aws.light_sns(given_by_lambda)
    assert light is not None
    request = light._request("PublishBatch", b"")
    assert b"\r\nhost: sns.cn-north-1.amazonaws.com.cn\r\n" in request
    assert b"/cn-north-1/sns/aws4_request" in request
    assert aws.light_sns(given_by_lambda | {"https_proxy": "http://proxy"}) is None
