"""The serverless transform, as CloudFormation does it, offline."""

import logging
from pathlib import Path
from typing import Any

import boto3
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.parser.parser import Parser
from samtranslator.swagger import swagger
from samtranslator.translator.translator import Translator

from local import intrinsics

REGION = "eu-central-1"
logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it tells of toggles that only AWS has
# Its editor copies the whole API before and after each event that is added to it, and nobody keeps the one before
swagger._deepcopy = lambda document: document
CODE_PROPERTIES = ("CodeUri", "ContentUri", "DefinitionUri")


def translated(path: Path, **parameters: str) -> dict[str, Any]:
    """The template after the serverless transform; parameters have their defaults unless given here."""
    return translate(intrinsics.read(path.read_text()), **parameters)


def translate(template: dict[str, Any], **parameters: str) -> dict[str, Any]:
    """Raises InvalidDocumentException with what the transform cannot take. The template given is changed."""
    place_code(template)
    translator = Translator(
        get_bundled_managed_policy_map("aws") or {}, Parser(), boto_session=boto3.Session(region_name=REGION)
    )
    result: dict[str, Any] = translator.translate(template, parameters)
    return result


def place_code(template: dict[str, Any]) -> None:
    """Stand in for `sam package`: the translator takes code and definitions from S3 only."""
    sections = [*template.get("Globals", {}).values(), *(r.get("Properties", {}) for r in template["Resources"].values())]
    for section in sections:
        for name in CODE_PROPERTIES:
            if isinstance(section.get(name), str) and not section[name].startswith("s3://"):
                section[name] = f"s3://artifacts/{name.lower()}"
