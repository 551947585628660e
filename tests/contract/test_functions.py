"""One mechanical chain from the template to the code to the sample events; and imports that point down only."""

import ast
import json
import platform
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter

import pytest

from tests import template
from tests.source import environment_read, imported, module_path, modules, reached, tree
from tests.template import ROOT, folder_of

FUNCTIONS = template.functions()
FOLDERS = sorted(path.parent.name for path in (ROOT / "src/mesonet/functions").glob("*/__init__.py"))
TRIGGERS = {"SQS": "on", "DynamoDB": "on", "Kinesis": "on", "Api": "api", "Schedule": "job"}

# read by libraries; AWS_LAMBDA_LOG_LEVEL is set by Lambda where LoggingConfig says so
READ_BY_BOTOCORE = {"AWS_ENDPOINT_URL"}
READ_BY_GLIBC = {"GLIBC_TUNABLES"}
SET_BY_LAMBDA = {"AWS_LAMBDA_LOG_LEVEL", "_X_AMZN_TRACE_ID"}

# from which parts of the product a part may import; `errors` it may always
BELOW = {
    "domain": {"domain"},
    "formats": {"formats", "domain"},
    "intake": {"intake", "stores", "domain"},
    "stores": {"stores", "domain", "dynamodb_client", "json_text", "remembered"},
    "channels": {"channels", "domain", "dynamodb_client"},
    "aws": {"dynamodb_client", "sns_client"},
    "sns_client": {"dynamodb_client"},
    "clock": set[str](),
    "remembered": {"clock"},
    "dynamodb_client": {"json_text"},
    "json_text": set[str](),
    "telemetry": set[str](),
    "web": {"web", "domain", "telemetry", "json_text"},
    "errors": set[str](),
    "record": set[str](),
    "regex": set[str](),
}
# from which groups of formats a group may import besides itself; all may from what stands in `formats` itself, which knows none
BESIDE = {
    "tables": set[str](),
    "reports": set[str](),
    "noaa": set[str](),
    "loggers": {"tables"},
    "networks": {"tables"},
    "binary": {"tables", "reports"},
    "services": {"networks", "binary"},
}
ANYWHERE = {"mesonet.errors", "mesonet.record", "mesonet.regex"}  # the latter stand for parts of the standard library


def handler_of(name: str) -> str:
    return str(FUNCTIONS[name]["Properties"]["Handler"])


def test_every_function_has_a_folder_and_every_folder_a_function() -> None:
    assert sorted(folder_of(name) for name in FUNCTIONS) == FOLDERS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_handler_is_the_one_in_its_folder(name: str) -> None:
    folder = folder_of(name)
    assert handler_of(name) == f"mesonet.functions.{folder}.handler.handle"
    names = {node.name for node in tree(f"mesonet.functions.{folder}.handler").body if isinstance(node, ast.FunctionDef)}
    assert "handle" in names


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_prefix_is_its_trigger(name: str) -> None:
    kinds = {event["Type"] for event in FUNCTIONS[name]["Properties"].get("Events", {}).values()}
    delivering = json.dumps(
        [each["Properties"] for each in template.resources("AWS::KinesisFirehose::DeliveryStream").values()]
    )
    prefix = folder_of(name).partition("_")[0]
    if kinds:
        assert {TRIGGERS[kind] for kind in kinds} == {prefix}
    elif f'{{"Ref": "{name}.Alias"}}' in delivering:
        assert prefix == "on"
    else:
        assert prefix in ("hook", "job"), "what nothing triggers, CodeDeploy or an operator calls by name"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_sample_events(name: str) -> None:
    assert list((ROOT / "events" / folder_of(name)).glob("*.json"))


def test_sample_events_belong_to_functions() -> None:
    assert sorted(path.name for path in (ROOT / "events").iterdir() if path.is_dir()) == FOLDERS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_environment_that_is_declared_is_the_one_that_is_read(name: str) -> None:
    declared = set(template.environment_of(name))
    read = set().union(*map(environment_read, reached(handler_of(name).rpartition(".")[0])))
    assert declared - READ_BY_BOTOCORE - READ_BY_GLIBC == read - SET_BY_LAMBDA


def test_only_handlers_and_telemetry_read_the_environment() -> None:
    readers = {module for module in modules() if environment_read(module)}
    assert {module for module in readers if not module.endswith(".handler")} <= {"mesonet.telemetry", "mesonet.aws"}


@pytest.mark.parametrize("module", [module for module in modules() if module != "mesonet"])
def test_imports_point_down(module: str) -> None:
    part = module.split(".")[1]
    own = {name for name in imported(module) if name.startswith("mesonet.")} - ANYWHERE
    if part != "functions":
        assert {name.split(".")[1] for name in own} <= BELOW[part]
        return
    folder = ".".join(module.split(".")[:3])
    others = {name for name in own if name.startswith("mesonet.functions.") and not name.startswith(f"{folder}.")}
    assert not others, "functions never import each other"
    if not module.endswith(".handler"):
        assert f"{folder}.handler" not in own
        assert "mesonet.aws" not in own


@pytest.mark.parametrize("module", [module for module in modules() if module.startswith("mesonet.domain")])
def test_the_domain_needs_the_standard_library_only(module: str) -> None:
    foreign = {name.partition(".")[0] for name in imported(module)} - sys.stdlib_module_names
    assert foreign <= {"mesonet"}
    assert {name for name in imported(module) if name.startswith("mesonet")} <= {
        name for name in modules() if name.startswith("mesonet.domain") or name in ANYWHERE
    }


@pytest.mark.parametrize("module", [module for module in modules() if module.startswith("mesonet.formats")])
def test_formats_know_no_aws(module: str) -> None:
    foreign = {name.partition(".")[0] for name in imported(module)}
    assert not foreign & {"boto3", "botocore", "aws_lambda_powertools"}


def group_of(module: str) -> str:
    """The subpackage of `formats` that a module stands in; nothing for what all stand on."""
    _, _, inside = module.partition("mesonet.formats.")
    group, _, name = inside.partition(".")
    return group if name or group in BESIDE else ""


@pytest.mark.parametrize("module", [module for module in modules() if module.startswith("mesonet.formats")])
def test_groups_of_formats_import_one_way(module: str) -> None:
    group = group_of(module)
    assert {group_of(name) for name in imported(module) if name.startswith("mesonet.formats.")} <= {
        "",
        group,
        *BESIDE.get(group, ()),
    }


def test_each_group_of_formats_stands_on_those_before_it() -> None:
    folders = {path.parent.name for path in (ROOT / "src/mesonet/formats").glob("*/__init__.py")}
    assert folders == BESIDE.keys()
    assert all(below <= set(list(BESIDE)[:at]) for at, below in enumerate(BESIDE.values()))


def test_no_module_needs_one_that_needs_it() -> None:
    TopologicalSorter(
        {module: imported(module) - {module} for module in modules()}
    ).prepare()  # raises CycleError with the circle


def test_only_one_module_makes_clients() -> None:
    makers = {
        module for module in modules() if any(name.startswith(("boto3", "botocore.session")) for name in imported(module))
    }
    assert makers == {"mesonet.aws"}


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "misc", "shared", "base"}
    assert not [module for module in modules() if vague & set(module.split("."))]


def test_the_settings_of_samconfig_are_parameters_of_the_template() -> None:
    parameters = template.source()["Parameters"]
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    environments = {name for name, given in config.items() if isinstance(given, dict) and "deploy" in given}
    assert environments == {"local", "dev", "staging", "prod"}
    for environment in environments:
        if environment == "local":
            overrides = dict(text.split("=", 1) for text in config[environment]["deploy"]["parameters"]["parameter_overrides"])
        else:
            overrides = json.loads((ROOT / "deploy" / f"{environment}.json").read_text())["Parameters"]
        assert overrides.keys() <= parameters.keys()
        assert overrides["Stage"] == environment
        for name, value in overrides.items():
            allowed = parameters[name].get("AllowedValues")
            assert allowed is None or value in map(str, allowed), f"{environment}: {name}={value}"


def test_modules_of_this_suite_read_the_code_that_is_shipped() -> None:
    assert module_path("mesonet.errors").exists()
    assert template.source()["Globals"]["Function"]["CodeUri"] == "src/"


@pytest.mark.parametrize(
    "name",
    ["ApiObservationsFunction", "ApiWeatherFunction", "OnFileChangeFunction", "OnReadingFunction", "OnStationChangeFunction"],
)
def test_what_answers_often_starts_without_botocore_and_the_making_of_dataclasses(name: str) -> None:
    assert started(name, "import sys, {}; print({'botocore', 'dataclasses', 'inspect'} & sys.modules.keys())") == "set()"


@pytest.mark.parametrize("name", ["ApiWeatherFunction", "OnUploadFunction"])
def test_a_function_starts_without_a_search_for_garbage(name: str) -> None:
    program = "import gc; before = gc.get_stats(); import {}; print(gc.get_stats() == before)"
    assert started(name, program) == "True"


def test_a_function_that_has_started_keeps_no_garbage() -> None:
    program = """
import weakref
from types import SimpleNamespace
import {} as handler

class Large:
    def __init__(self):
        self.itself = self

told = ("function_name", "memory_limit_in_mb", "invoked_function_arn", "aws_request_id")
request = {"httpMethod": "GET", "path": "/", "headers": None, "requestContext": {"path": "/", "requestId": "1"}}
handler.handle(request, SimpleNamespace(**dict.fromkeys(told)))
large = weakref.ref(Large())
others = [[] for _ in range(3_000)]
print(large())
"""
    assert started("ApiWeatherFunction", program).splitlines()[-1] == "None"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="Lambda's C library is glibc, and this machine's is not")
def test_memory_of_an_answer_stays_for_the_next_one() -> None:
    program = """
import resource

def answered():
    return len(bytearray(200_000) + bytearray(200_000))

answered()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    answered()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    tunables = {"GLIBC_TUNABLES": template.environment_of("ApiWeatherFunction")["GLIBC_TUNABLES"]}
    done = subprocess.run([sys.executable, "-c", program], env=tunables, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 50  # thousands of pages where it is given back


def started(name: str, program: str) -> str:
    """What a program says that imports a function's handler, whose name it has for `{}`."""
    absent = {"AWS_ENDPOINT_URL": "", "SEARCH_ENDPOINT": ""}  # as on AWS, with the index in DynamoDB
    variables = dict.fromkeys(template.environment_of(name), "x") | absent
    region = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "eu-west-1")
    signed = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", **region}
    done = subprocess.run(
        [sys.executable, "-c", program.replace("{}", f"mesonet.functions.{template.folder_of(name)}.handler")],
        env={**variables, **signed, "PYTHONPATH": str(template.ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
