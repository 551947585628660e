"""What has to be true of the template and the pipeline for a release to be safe, for each stage's own parameters.

The template is looked at as CloudFormation gets it: translated, with the parameters that the pipeline passes.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import pytest

from local import intrinsics
from tests import template
from tests.contract.test_roles import ALLOWED_WILDCARDS
from tests.contract.test_template import referenced
from tests.delivery import canary
from tests.permissions import listed
from tests.template import ROOT, folder_of

STAGES = ("dev", "staging", "prod")
RELEASE = "0123456789ab"
STATEFUL = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"}


def settings(stage: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "deploy" / f"{stage}.json").read_text())
    return found


@cache
def of(stage: str) -> dict[str, Any]:
    return template.translated(**settings(stage)["Parameters"], ReleaseId=RELEASE)


def each(stage: str, kind: str) -> dict[str, Any]:
    return template.resources(kind, of=of(stage))


def released(stage: str) -> list[str]:
    return [name for name in each(stage, "AWS::Lambda::Function") if not name.startswith("Hook")]


def alias(function: str) -> str:
    return f"{function}Aliaslive"


def plain(path: str) -> dict[str, Any]:
    return intrinsics.read((ROOT / path).read_text())


PIPELINE = plain("pipeline.yaml")
ACCOUNT = plain("deploy/account.yaml")


# What calls a function -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_every_permission_mapping_and_integration_leads_to_the_alias(stage: str) -> None:
    seen = set()
    for name, permission in each(stage, "AWS::Lambda::Permission").items():
        seen.add("permission")
        assert permission["Properties"]["FunctionName"]["Ref"] in map(alias, released(stage)), name
    for name, mapping in each(stage, "AWS::Lambda::EventSourceMapping").items():
        seen.add("mapping")
        assert mapping["Properties"]["FunctionName"]["Ref"] in map(alias, released(stage)), name
    for api in each(stage, "AWS::ApiGateway::RestApi").values():
        for path, methods in api["Properties"]["Body"]["paths"].items():
            for method, described in methods.items():
                uri = described.get("x-amazon-apigateway-integration", {}).get("uri")
                if uri is not None:
                    seen.add("integration")
                    assert re.search(r"\$\{\w+FunctionAliaslive\}/invocations", uri["Fn::Sub"]), f"{method} {path}"
    assert seen == {"permission", "mapping", "integration"}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_else_names_a_function_that_calls_it(stage: str) -> None:
    """Rules, schedules, state machines and subscriptions that come later have to call the alias, too."""
    callers = (
        "AWS::Events::",
        "AWS::Scheduler::",
        "AWS::KinesisFirehose::",
        "AWS::StepFunctions::",
        "AWS::SNS::Subscription",
        "AWS::IoT::TopicRule",
    )
    for name, resource in of(stage)["Resources"].items():
        if resource["Type"].startswith(callers):
            direct = set(referenced(resource["Properties"])) & set(released(stage))
            assert not direct, f"{name} calls {direct} and not the alias"


# Versions and aliases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_every_function_has_a_version_of_this_release_that_stays_when_the_next_one_comes(stage: str) -> None:
    versions = each(stage, "AWS::Lambda::Version")
    for function in released(stage):
        version = versions[f"{function}Version{RELEASE[:10]}"]
        assert version["DeletionPolicy"] == "Retain", function
        assert each(stage, "AWS::Lambda::Alias")[alias(function)]["Properties"]["FunctionVersion"] == {
            "Fn::GetAtt": [f"{function}Version{RELEASE[:10]}", "Version"]
        }


@pytest.mark.parametrize("stage", STAGES)
def test_an_alias_is_moved_by_code_deploy_behind_both_hooks(stage: str) -> None:
    for function in released(stage):
        policy = each(stage, "AWS::Lambda::Alias")[alias(function)]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert policy["ApplicationName"] == {"Ref": "ServerlessDeploymentApplication"}
        assert policy["DeploymentGroupName"] == {"Ref": f"{function}DeploymentGroup"}
        assert policy["BeforeAllowTrafficHook"] == {"Ref": "HookBeforeTrafficFunction"}
        assert policy["AfterAllowTrafficHook"] == {"Ref": "HookAfterTrafficFunction"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_hook_has_a_name_that_code_deploy_may_call_a_role_that_may_answer_and_no_alias_to_wait_for(stage: str) -> None:
    hooks = {name: f for name, f in each(stage, "AWS::Lambda::Function").items() if name.startswith("Hook")}
    assert len(hooks) == 2
    for name, hook in hooks.items():
        assert hook["Properties"]["FunctionName"]["Fn::Sub"].startswith("CodeDeployHook_${AWS::StackName}-")
        assert alias(name) not in of(stage)["Resources"]
        role = each(stage, "AWS::IAM::Role")[hook["Properties"]["Role"]["Fn::GetAtt"][0]]
        allowed = {action for statement in statements(role) for action in listed(statement["Action"])}
        assert {
            "codedeploy:PutLifecycleEventHookExecutionStatus",
            "codedeploy:GetDeployment",
            "lambda:InvokeFunction",
        } <= allowed


@pytest.mark.parametrize("stage", STAGES)
def test_code_deploy_may_call_the_hooks_and_move_the_aliases(stage: str) -> None:
    role = each(stage, "AWS::IAM::Role")["CodeDeployRole"]
    allowed = {action: statement for statement in statements(role) for action in listed(statement["Action"])}
    assert {"lambda:UpdateAlias", "lambda:GetAlias", "cloudwatch:DescribeAlarms", "sns:Publish"} <= allowed.keys()
    assert set(referenced(allowed["lambda:InvokeFunction"]["Resource"])) == {
        "HookBeforeTrafficFunction",
        "HookAfterTrafficFunction",
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_deployment_goes_back_on_every_failure_and_shifts_as_its_stage_says(stage: str) -> None:
    groups = each(stage, "AWS::CodeDeploy::DeploymentGroup")
    assert groups.keys() == {f"{function}DeploymentGroup" for function in released(stage)}
    for name, group in groups.items():
        given = group["Properties"]
        assert given["AutoRollbackConfiguration"] == {
            "Enabled": True,
            "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        }
        assert given["DeploymentStyle"]["DeploymentOption"] == "WITH_TRAFFIC_CONTROL"
        wanted = settings(stage)["Parameters"]["TrafficShift"] if name.startswith("Api") else "AllAtOnce"
        assert given["DeploymentConfigName"]["Fn::Sub"][1]["ConfigName"] == wanted, name
        (trigger,) = given["TriggerConfigurations"]
        assert trigger["TriggerTargetArn"] == {"Ref": "OperationsTopic"}


def test_production_is_the_most_careful() -> None:
    shifts = {stage: canary.steps(settings(stage)["Parameters"]["TrafficShift"]) for stage in STAGES}
    assert shifts["dev"] == [(0, 1.0)]
    assert shifts["prod"] == [(0, 0.1), (10, 1.0)]
    assert shifts["dev"][-1][0] < shifts["staging"][-1][0] < shifts["prod"][-1][0]


@pytest.mark.parametrize("shift", template.source()["Parameters"]["TrafficShift"]["AllowedValues"])
def test_every_shift_that_is_offered_is_one_that_code_deploy_has(shift: str) -> None:
    translated = template.translated(GradualDeployment="true", TrafficShift=shift, ReleaseId=RELEASE)
    group = translated["Resources"]["ApiWeatherFunctionDeploymentGroup"]["Properties"]
    assert group["DeploymentConfigName"] == {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": shift}]}


# Alarms ----------------------------------------------------------------------------------------------------------------------


def metric_dimensions(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = alarm["Properties"]
    for metric in [each["MetricStat"]["Metric"] for each in given.get("Metrics", ()) if "MetricStat" in each] or [given]:
        yield {each["Name"]: each["Value"] for each in metric["Dimensions"]}


@pytest.mark.parametrize("stage", STAGES)
def test_a_release_of_an_api_is_watched_by_its_own_version(stage: str) -> None:
    alarms = each(stage, "AWS::CloudWatch::Alarm")
    for name in [name for name in released(stage) if folder_of(name).startswith("api_")]:
        group = each(stage, "AWS::CodeDeploy::DeploymentGroup")[f"{name}DeploymentGroup"]["Properties"]
        named = [alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]]
        assert group["AlarmConfiguration"]["Enabled"] is True
        assert 1 <= len(named) <= 10, "CodeDeploy takes ten"
        for alarm in named:
            for dimensions in metric_dimensions(alarms[alarm]):
                assert dimensions["FunctionName"] == {"Ref": name}
                assert dimensions["Resource"] == {"Fn::Sub": f"${{{name}}}:live"}
            version = {"Fn::GetAtt": [f"{name}Version{RELEASE[:10]}", "Version"]}
            assert version in [dimensions.get("ExecutedVersion") for dimensions in metric_dimensions(alarms[alarm])]


@pytest.mark.parametrize("stage", STAGES)
def test_no_alarm_that_rings_already_keeps_the_mend_out(stage: str) -> None:
    """CodeDeploy stops where an alarm rings, from the first moment on (github.com/aws/serverless-application-model/issues/716):
    one on the alias would ring for the version that is to be replaced."""
    alarms, seen = each(stage, "AWS::CloudWatch::Alarm"), 0
    for group in each(stage, "AWS::CodeDeploy::DeploymentGroup").values():
        for alarm in group["Properties"].get("AlarmConfiguration", {}).get("Alarms", ()):
            for metric in alarms[alarm["Name"]["Ref"]]["Properties"]["Metrics"]:
                names = [each["Name"] for each in metric.get("MetricStat", {}).get("Metric", {}).get("Dimensions", ())]
                # what is usual is compared with, and breaches nothing by itself
                assert not names or "ExecutedVersion" in names or metric["Id"] == "usual", alarm
                seen += 1
    assert seen


@pytest.mark.parametrize("stage", [stage for stage in STAGES if settings(stage)["Parameters"]["TrafficShift"] != "AllAtOnce"])
def test_an_alarm_can_ring_before_all_traffic_has_moved(stage: str) -> None:
    configuration, alarms = canary.deployment({**settings(stage)["Parameters"]})
    first, last = canary.steps(configuration)[0][0], canary.steps(configuration)[-1][0]
    for alarm in alarms:
        needed = alarm.properties["DatapointsToAlarm"] * alarm.period + canary.METRICS_ARRIVE_AFTER
        assert needed < (last - first) * 60, f"{alarm.name} needs {needed} s of bad traffic"


@pytest.mark.parametrize("stage", STAGES)
def test_every_alarm_says_what_missing_data_mean_and_tells_somebody(stage: str) -> None:
    in_groups = {
        alarm["Name"]["Ref"]
        for group in each(stage, "AWS::CodeDeploy::DeploymentGroup").values()
        for alarm in group["Properties"].get("AlarmConfiguration", {}).get("Alarms", ())
    }
    for name, alarm in each(stage, "AWS::CloudWatch::Alarm").items():
        given = alarm["Properties"]
        # silence is a fault only where data are due
        assert given["TreatMissingData"] == ("breaching" if "Silence" in name else "notBreaching"), name
        assert len(given["AlarmDescription"]) > 20, name
        assert given.get("AlarmActions") == [{"Ref": "OperationsTopic"}] or name in in_groups, name


@pytest.mark.parametrize("stage", STAGES)
def test_what_wakes_somebody_is_apart_from_what_takes_a_release_back(stage: str) -> None:
    composites = each(stage, "AWS::CloudWatch::CompositeAlarm")
    assert composites.keys() >= {"ApiDownAlarm", "IngestDownAlarm"}
    for name, composite in composites.items():
        assert composite["Properties"]["AlarmActions"] == [{"Ref": "PagingTopic"}], name
        assert "Release" not in json.dumps(composite["Properties"]["AlarmRule"]), name
        named = set(referenced(composite["Properties"]["AlarmRule"]))
        assert named <= each(stage, "AWS::CloudWatch::Alarm").keys()


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_is_watched_before_it_reaches_its_time_out(stage: str) -> None:
    for name in released(stage):
        alarm = each(stage, "AWS::CloudWatch::Alarm")[f"{name.removesuffix('Function')}DurationAlarm"]["Properties"]
        timeout = each(stage, "AWS::Lambda::Function")[name]["Properties"]["Timeout"]
        assert alarm["ExtendedStatistic"] == "p99", name
        # a job stops by itself shortly before its time-out, and goes on next time
        most = 1000 if folder_of(name).startswith("job_") else 800
        assert 800 * timeout <= alarm["Threshold"] <= most * timeout, name


@pytest.mark.parametrize("stage", STAGES)
def test_every_dead_letter_queue_is_watched(stage: str) -> None:
    watched = {
        referenced_queue
        for alarm in each(stage, "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"].get("MetricName") == "ApproximateNumberOfMessagesVisible"
        for referenced_queue in referenced(alarm["Properties"]["Dimensions"])
    }
    missing = {name for name in each(stage, "AWS::SQS::Queue") if "DeadLetter" in name} - watched
    assert not missing, f"template.yaml, section Observability: copy UploadsDeadLettersAlarm for {sorted(missing)}"


# A second region -------------------------------------------------------------------------------------------------------------


def test_the_archive_is_replicated_whole_where_there_is_another_to_take_it() -> None:
    given = each("prod", "AWS::S3::Bucket")["ArchiveBucket"]["Properties"]["ReplicationConfiguration"]
    assert given["Fn::If"][0] == "HasReplica"
    assert given["Fn::If"][2] == {"Ref": "AWS::NoValue"}
    (rule,) = given["Fn::If"][1]["Rules"]
    assert (rule["Status"], rule["Filter"]) == ("Enabled", {"Prefix": ""}), "every object"
    assert rule["DeleteMarkerReplication"] == {"Status": "Enabled"}, "or what was withdrawn would come back with the region"
    assert rule["Destination"]["Bucket"] == {"Ref": "ReplicaBucketArn"}
    role = each("prod", "AWS::IAM::Role")["ReplicationRole"]
    allowed = {action: statement["Resource"] for statement in statements(role) for action in listed(statement["Action"])}
    assert {
        action for action, where in allowed.items() if {"Ref": "ReplicaBucketArn"} in [where] or "Replica" in json.dumps(where)
    } == {"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"}


def test_the_second_regions_archive_becomes_the_templates_when_the_first_is_lost() -> None:
    """The stack there has the bucket alone; an update by the template must find it as its own, and not make another."""
    waiting, taking_over = (
        template.resources("AWS::S3::Bucket", of=document)["ArchiveBucket"]
        for document in (plain("deploy/archive.yaml"), of("prod"))
    )
    assert {name: value for name, value in waiting.items() if name != "Properties"} == {
        name: value for name, value in taking_over.items() if name not in ("Properties", "DependsOn")
    }
    assert waiting["Properties"].items() <= taking_over["Properties"].items()
    policies = [document["Resources"]["ArchiveBucketPolicy"] for document in (plain("deploy/archive.yaml"), of("prod"))]
    assert policies[0] == policies[1]


# whose names are unique in an account, whatever the region
OF_ALL_REGIONS = {
    "AWS::Budgets::Budget": lambda given: given["Budget"]["BudgetName"],
    "AWS::CloudFront::Function": lambda given: given["Name"],
    "AWS::CloudFront::OriginAccessControl": lambda given: given["OriginAccessControlConfig"]["Name"],
    "AWS::CloudFront::ResponseHeadersPolicy": lambda given: given["ResponseHeadersPolicyConfig"]["Name"],
    "AWS::CloudWatch::Dashboard": lambda given: given["DashboardName"],
    "AWS::S3::Bucket": lambda given: given["BucketName"],
}


@pytest.mark.parametrize("kind", OF_ALL_REGIONS)
def test_what_is_named_for_all_regions_is_not_in_the_way_of_the_second_one(kind: str) -> None:
    """What belongs to the account and not to a region is still there when the region is lost."""
    found = each("prod", kind)
    assert found
    for name, resource in found.items():
        assert "${AWS::Region}" in OF_ALL_REGIONS[kind](resource["Properties"])["Fn::Sub"], name
    assert not [name for name, role in each("prod", "AWS::IAM::Role").items() if "RoleName" in role["Properties"]]


# What must not be lost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_what_holds_data_is_kept_and_no_update_may_replace_it(stage: str) -> None:
    for name, resource in of(stage)["Resources"].items():
        if resource["Type"] in STATEFUL:
            assert resource["DeletionPolicy"] in ("Retain", "RetainExceptOnCreate"), name
            assert resource["UpdateReplacePolicy"] == "Retain", name
    denied = [each for each in settings(stage)["StackPolicy"]["Statement"] if each["Effect"] == "Deny"]
    (statement,) = denied
    assert set(statement["Action"]) == {"Update:Replace", "Update:Delete"}
    assert set(statement["Condition"]["StringEquals"]["ResourceType"]) >= STATEFUL


@pytest.mark.parametrize("stage", STAGES)
def test_there_is_no_circle(stage: str) -> None:
    """Hooks, groups and alarms of the update policy included, which the source template hides."""
    resources = of(stage)["Resources"]
    graph = {
        name: {
            *referenced([resource.get("Properties", {}), resource.get("UpdatePolicy", {})]),
            *listed(resource.get("DependsOn", [])),
        }
        & resources.keys()
        for name, resource in resources.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(resources)


@pytest.mark.parametrize("stage", STAGES)
def test_every_event_source_has_somewhere_for_what_fails(stage: str) -> None:
    queues = each(stage, "AWS::SQS::Queue")
    for name, mapping in each(stage, "AWS::Lambda::EventSourceMapping").items():
        given = mapping["Properties"]
        source = next(iter(referenced(given["EventSourceArn"])))
        if source in queues:
            assert "RedrivePolicy" in queues[source]["Properties"], name
        else:
            assert next(iter(referenced(given["DestinationConfig"]["OnFailure"]["Destination"]))) in queues, name


@pytest.mark.parametrize("stage", STAGES)
def test_a_stages_parameters_are_the_templates_and_its_tags_find_its_costs(stage: str) -> None:
    parameters = template.source()["Parameters"]
    given = settings(stage)["Parameters"]
    assert given["Stage"] == stage
    assert given["GradualDeployment"] == "true"
    for name, value in given.items():
        allowed = parameters[name].get("AllowedValues")
        assert allowed is None or value in map(str, allowed), f"{name}={value}"
    assert "ReleaseId" not in given, "the build says it"
    assert settings(stage)["Tags"]["stack"] == f"mesonet-{stage}"


# Roles ------------------------------------------------------------------------------------------------------------------------


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in role["Properties"].get("Policies", ()):
        for statement in policy.get("Fn::If", ["", policy])[1]["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement
    for policy in template.resources("AWS::IAM::ManagedPolicy", of=ACCOUNT).values():
        if ACCOUNT["Resources"][policy["Properties"]["Roles"][0]["Ref"]] is role:
            yield from policy["Properties"]["PolicyDocument"]["Statement"]


def roles() -> Iterator[tuple[str, dict[str, Any]]]:
    for where, document in (("template", of("prod")), ("pipeline", PIPELINE), ("account", ACCOUNT)):
        for name, role in template.resources("AWS::IAM::Role", of=document).items():
            yield f"{where}-{name}", role


@pytest.mark.parametrize(("name", "role"), list(roles()), ids=[name for name, _ in roles()])
def test_a_role_names_its_actions_and_resources(name: str, role: dict[str, Any]) -> None:
    assert "ManagedPolicyArns" not in role["Properties"]
    for statement in statements(role):
        actions = listed(statement["Action"])
        assert not [action for action in actions if "*" in action], name
        for resource in listed(statement["Resource"]):
            # beside which actions `*` stands: tests/delivery/test_authorization.py
            if name.startswith("template-") and resource != "*" and "*" in resource.get("Fn::Sub", ""):
                assert resource["Fn::Sub"] in ALLOWED_WILDCARDS, name


def allowed_actions(document: dict[str, Any], name: str) -> set[str]:
    role = template.resources("AWS::IAM::Role", of=document)[name]
    return {action for statement in statements(role) for action in listed(statement["Action"])}


def test_who_builds_and_who_orders_may_change_no_stack_themselves() -> None:
    for name in ("PipelineRole", "BuildRole", "CheckRole", "PageRole", "ApproverRole"):
        services = {action.partition(":")[0] for action in allowed_actions(PIPELINE, name)}
        assert not services & {"cloudformation", "iam", "lambda", "dynamodb"}, name
    assert "sts:AssumeRole" not in allowed_actions(PIPELINE, "BuildRole")
    assert "codepipeline:PutApprovalResult" not in allowed_actions(PIPELINE, "PipelineRole")


def test_who_approves_may_do_nothing_else_and_has_a_second_factor() -> None:
    role = template.resources("AWS::IAM::Role", of=PIPELINE)["ApproverRole"]
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert {action for action in allowed_actions(PIPELINE, "ApproverRole") if ":Get" not in action} == {
        "codepipeline:PutApprovalResult"
    }


def test_only_cloudformation_is_the_execution_role_and_only_the_pipeline_orders_it() -> None:
    found = template.resources("AWS::IAM::Role", of=ACCOUNT)
    (trust,) = found["ExecutionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    for name, who in (("ActionRole", "PipelineRole"), ("ReaderRole", "CheckRole"), ("PublisherRole", "PageRole")):
        (trust,) = found[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["ArnLike"]["aws:PrincipalArn"]["Fn::Sub"].endswith(f":role/*-{who}-*")
    assert not [action for action in allowed_actions(ACCOUNT, "ReaderRole") if ":Describe" not in action]


def test_who_publishes_the_page_may_put_it_there_and_nothing_else() -> None:
    assert allowed_actions(ACCOUNT, "PublisherRole") == {"cloudformation:DescribeStacks", "s3:ListBucket", "s3:PutObject"}
    for statement in statements(template.resources("AWS::IAM::Role", of=ACCOUNT)["PublisherRole"]):
        resource = statement["Resource"]["Fn::Sub"]
        assert ":stack/${StackName}/*" in resource or ":${StackName}-web-" in resource
    for stage, name in DEPLOYED.items():
        (page,) = [action for action in actions(stage) if action["Name"] == "Page"]
        told = {each["name"]: each["value"] for each in json.loads(page["Configuration"]["EnvironmentVariables"]["Fn::Sub"])}
        assert told["STAGE"] == name
        assert told["PUBLISHER_ROLE_ARN"].endswith(f":role/mesonet-{name}-publisher")
    assert "make page" in (template.ROOT / "deploy" / "page.buildspec.yml").read_text()


# What CloudFormation would do for a property that no resource of ours has, by the first words of the action; the second are
# names in its schemas that IAM does not know (the action is that of the Put)
FOR_WHAT_NOTHING_HAS = (
    *("apigateway:UpdateRestApiPolicy", "billing:", "cloudfront:CreateConnectionGroup", "cloudfront:GetConnectionGroup"),
    *("cloudfront:GetVpcOrigin", "cloudfront:UpdateDistributionWithStagingConfig", "codedeploy:RegisterOnPremisesInstance"),
    *("dynamodb:AssociateTableReplica", "dynamodb:CreateTableReplica", "dynamodb:DescribeImport", "dynamodb:ImportTable"),
    *("dynamodb:DisableKinesis", "dynamodb:EnableKinesis", "dynamodb:UpdateKinesis", "dynamodb:UpdateContributorInsights"),
    *("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
    *("dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy", "ec2:"),
    *("elasticfilesystem:", "es:UpgradeDomain", "firehose:StartDeliveryStreamEncryption"),
    *("firehose:StopDeliveryStreamEncryption", "iam:CreateServiceLinkedRole", "iam:DeleteGroupPolicy", "iam:DeleteUserPolicy"),
    *("iam:GetGroupPolicy", "iam:GetUserPolicy", "iam:PutGroupPolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy"),
    *("iam:DetachRolePolicy", "iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary", "kinesis:PutRecords"),
    *("kinesis:DisableEnhancedMonitoring", "kinesis:EnableEnhancedMonitoring", "kinesis:UpdateMaxRecordSize"),
    *("kinesis:UpdateStreamRecordDistributionStrategy", "kinesis:UpdateStreamWarmThroughput", "kms:CreateGrant"),
    *("kms:Encrypt", "kms:ListAliases", "kms:RevokeGrant", "lambda:AssociateRuntimeAlias", "lambda:DeleteFunctionCodeSigning"),
    *("lambda:DeleteFunctionConcurrency", "lambda:DeleteProvisionedConcurrency", "lambda:GetCodeSigningConfig"),
    *("lambda:PassCapacityProvider", "lambda:PutFunctionCode", "lambda:PutFunctionConcurrency", "lambda:PutFunctionScaling"),
    *("lambda:PutProvisionedConcurrency", "lambda:PutRuntimeManagement"),
    *("logs:AssociateKmsKey", "logs:CreateLogDelivery", "logs:DeleteDataProtectionPolicy", "logs:DeleteIndexPolicy"),
    *("logs:DeleteResourcePolicy", "logs:DisassociateKmsKey", "logs:PutBearerTokenAuthentication", "logs:PutLogEvents"),
    *("logs:PutDataProtectionPolicy", "logs:PutIndexPolicy", "logs:PutLogGroupDeletionProtection", "logs:PutResourcePolicy"),
    *("s3:CreateBucketMetadata", "s3:DeleteBucketAnalytics", "s3:DeleteBucketMetadata", "s3:DeleteBucketMetrics"),
    *("s3:DeleteObject", "s3:PutAccelerate", "s3:PutAnalytics", "s3:PutBucketAbac", "s3:PutBucketAcl", "s3:PutBucketLogging"),
    *("s3:PutBucketObjectLock", "s3:PutBucketWebsite", "s3:DeleteBucketWebsite", "s3:PutIntelligentTiering", "s3:PutInventory"),
    *("s3:PutMetrics", "s3:PutObject", "s3:UpdateBucketMetadata", "s3files:", "s3tables:", "sns:PutDataProtectionPolicy"),
    *("secretsmanager:RemoveRegionsFromReplication", "secretsmanager:ReplicateSecretToRegions"),
    *("s3:DeleteBucketCors", "s3:DeleteBucketEncryption", "s3:DeleteBucketLifecycle", "s3:DeleteBucketReplication"),
    *("s3:PutBucketReplication", "s3:GetObjectMetadata", "s3:REST.PUT.OBJECT", "cloudfront:CreateDistributionWithTags"),
    "es:UpdateDomain",
)


@pytest.mark.parametrize("kind", sorted({each["Type"] for each in of("prod")["Resources"].values()}))
def test_who_releases_may_do_what_cloudformation_does_for_every_kind_of_resource(kind: str) -> None:
    """As AWS's own schemas of resources say, which come with cfn-lint; whatever is switched on by a parameter, too."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # here: whoever only collects tests need not wait for it

    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
    needed = {action for name, each in handlers.items() if name != "list" for action in each["permissions"]}
    missing = needed - allowed_actions(ACCOUNT, "ExecutionRole")
    assert not {action for action in missing if not action.startswith(FOR_WHAT_NOTHING_HAS)}


def test_the_policies_of_a_role_are_as_short_as_iam_wants_them() -> None:
    """IAM and STS quotas: 10,240 characters of a role's own policies together, 6,144 of a managed one, without blanks."""
    names = {"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-1", "StackName": "mesonet-staging"}

    def length(document: Any) -> int:
        text = json.dumps(document, separators=(",", ":"))
        return len(re.sub(r"\$\{([\w:]+)\}", lambda found: names.get(found[1], "123456789012"), text))

    for name, role in template.resources("AWS::IAM::Role", of=ACCOUNT).items():
        assert sum(length(policy["PolicyDocument"]) for policy in role["Properties"]["Policies"]) < 10_240, name
    for name, policy in template.resources("AWS::IAM::ManagedPolicy", of=ACCOUNT).items():
        assert length(policy["Properties"]["PolicyDocument"]) < 6144, name


def test_a_passed_role_goes_to_named_services_only() -> None:
    for name, role in roles():
        for statement in statements(role):
            if "iam:PassRole" in listed(statement["Action"]):
                assert statement["Condition"]["StringEquals"]["iam:PassedToService"], name
    taken = {
        service
        for role in each("prod", "AWS::IAM::Role").values()
        for trust in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        for service in listed(trust["Principal"]["Service"])
    }
    (passing,) = [
        statement
        for statement in statements(ACCOUNT["Resources"]["ExecutionRole"])
        if "iam:PassRole" in listed(statement["Action"])
    ]
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == taken


# The pipeline -----------------------------------------------------------------------------------------------------------------


def pipeline() -> dict[str, Any]:
    found: dict[str, Any] = PIPELINE["Resources"]["Pipeline"]["Properties"]
    return found


def actions(stage: str) -> list[dict[str, Any]]:
    (found,) = [each for each in pipeline()["Stages"] if each["Name"] == stage]
    return sorted(found["Actions"], key=lambda action: int(action.get("RunOrder", 1)))


DEPLOYED = {"Dev": "dev", "Staging": "staging", "Production": "prod"}


def test_releases_queue_and_a_push_of_documents_starts_none() -> None:
    assert (pipeline()["PipelineType"], pipeline()["ExecutionMode"]) == ("V2", "QUEUED")
    (trigger,) = pipeline()["Triggers"]
    (push,) = trigger["GitConfiguration"]["Push"]
    assert push["Branches"] == {"Includes": [{"Ref": "Branch"}]}
    left_out = push["FilePaths"]["Excludes"]
    assert {"docs/**", "*.md"} <= set(left_out)
    assert not [pattern for pattern in left_out if pattern.startswith(("src", "template", "deploy", "requirements", "events"))]
    (source,) = actions("Source")
    assert source["Configuration"]["DetectChanges"] is False, "it would start the pipeline a second time, without the filters"


def test_the_build_runs_where_no_test_has_to_be_skipped() -> None:
    """AWS's image for arm64 has no browser (github.com/aws/aws-codebuild-docker-images, al/aarch64/standard/3.0/Dockerfile)."""
    environment = PIPELINE["Resources"]["BuildProject"]["Properties"]["Environment"]
    assert (environment["Type"], environment["Image"]) == ("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:5.0")
    assert environment["PrivilegedMode"] is True, "Docker"
    assert {"Name": "CI", "Value": "true"} in environment["EnvironmentVariables"], "a skipped test is a failure"


def test_the_stages_follow_each_other_and_get_the_same_artifact() -> None:
    assert [stage["Name"] for stage in pipeline()["Stages"]] == ["Source", "Build", *DEPLOYED]
    made = [artifact["Name"] for artifact in actions("Build")[0]["OutputArtifacts"]]
    assert made == ["Release"]
    for stage, name in DEPLOYED.items():
        change_set = actions(stage)[0]["Configuration"]
        assert change_set["TemplatePath"] == "Release::template.yaml"
        assert change_set["TemplateConfiguration"] == f"Release::deploy/{name}.json"
        assert json.loads(change_set["ParameterOverrides"]) == {"ReleaseId": "#{Build.RELEASE_ID}"}
        assert {action["Configuration"].get("StackName", f"mesonet-{name}") for action in actions(stage)} == {f"mesonet-{name}"}


def test_a_stage_is_a_change_set_its_execution_and_a_test_and_goes_back_when_one_fails() -> None:
    for stage in DEPLOYED:
        (described,) = [each for each in pipeline()["Stages"] if each["Name"] == stage]
        assert described["OnFailure"]["Result"] == "ROLLBACK"
        names = [action["Name"] for action in actions(stage)]
        assert names == ["ChangeSet", *(["Changes", "Approval"] if stage == "Production" else []), "Execute", "Page", "Smoke"]
        orders = [action["RunOrder"] for action in actions(stage)]
        assert orders == sorted(set(orders)), "one after the other"


def test_production_waits_for_its_window_and_for_somebody_who_has_seen_the_changes() -> None:
    (described,) = [each for each in pipeline()["Stages"] if each["Name"] == "Production"]
    (condition,) = described["BeforeEntry"]["Conditions"]
    (rule,) = condition["Rules"]
    assert rule["RuleTypeId"]["Provider"] == "DeploymentWindow"
    assert rule["Configuration"]["Cron"] == {"Ref": "DeploymentWindow"}
    window = PIPELINE["Parameters"]["DeploymentWindow"]
    assert re.fullmatch(window["AllowedPattern"], window["Default"])
    # Fields of the rule (CodePipeline User Guide, "DeploymentWindow"): six, and a year that may be left out
    seconds, minutes, hours, day, month, weekday = window["Default"].split()
    assert (seconds, minutes, day, month) == ("*", "*", "?", "*")
    assert (hours, weekday) == ("7-14", "MON-THU")
    assert not re.fullmatch(window["AllowedPattern"], "* 7-14 ? * MON-THU *"), "as other services of AWS write it"
    (approval,) = [each for each in actions("Production") if each["Name"] == "Approval"]
    assert "#{Changes.SUMMARY}" in approval["Configuration"]["CustomData"]
    assert approval["Configuration"]["ExternalEntityLink"] == "#{Changes.LINK}"


def test_each_stage_may_be_in_another_account() -> None:
    for stage in DEPLOYED:
        account = {"Dev": "DevAccount", "Staging": "StagingAccount", "Production": "ProdAccount"}[stage]
        for action in actions(stage):
            if action["ActionTypeId"]["Provider"] == "CloudFormation":
                assert account in set(referenced(action["RoleArn"])), action["Name"]
                assert account in set(referenced(action["Configuration"]["RoleArn"])), action["Name"]
    key = PIPELINE["Resources"]["ArtifactKey"]["Properties"]["KeyPolicy"]["Statement"]
    assert any({"Ref": "ProdAccount"} in listed(each["Principal"].get("AWS", [])) for each in key)


def test_the_pipeline_does_not_release_itself() -> None:
    targets = {action["Configuration"].get("StackName") for stage in DEPLOYED for action in actions(stage)}
    assert targets - {None} == {f"mesonet-{name}" for name in DEPLOYED.values()}
    assert pipeline()["RestartExecutionOnUpdate"] is False


def test_somebody_hears_of_approvals_and_failures() -> None:
    rule = PIPELINE["Resources"]["ReleasesNotification"]["Properties"]
    assert {
        "codepipeline-pipeline-manual-approval-needed",
        "codepipeline-pipeline-pipeline-execution-failed",
        "codepipeline-pipeline-stage-execution-failed",
    } <= set(rule["EventTypeIds"])
    assert rule["Targets"] == [{"TargetType": "SNS", "TargetAddress": {"Ref": "ReleasesTopic"}}]


def test_the_dashboard_can_be_read_and_answers_three_questions() -> None:
    text = template.source()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(re.sub(r"\$\{[\w:]+\}", "x", text))["widgets"]
    asked = [widget["properties"]["markdown"] for widget in widgets if widget["type"] == "text"]
    assert asked == ["## Is it up?", "## Is it late?", "## What does it cost?"]
    assert sum(widget["type"] == "metric" for widget in widgets) >= 9


# The page ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_is_read_through_its_own_distribution_alone(stage: str) -> None:
    (distribution,) = (
        found["Properties"]["DistributionConfig"] for found in each(stage, "AWS::CloudFront::Distribution").values()
    )
    (origin,) = distribution["Origins"]
    access = of(stage)["Resources"][origin["OriginAccessControlId"]["Ref"]]["Properties"]["OriginAccessControlConfig"]
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")
    bucket = origin["DomainName"]["Fn::GetAtt"][0]
    assert all(of(stage)["Resources"][bucket]["Properties"]["PublicAccessBlockConfiguration"].values())
    (policy,) = (
        found["Properties"]["PolicyDocument"]["Statement"]
        for found in each(stage, "AWS::S3::BucketPolicy").values()
        if found["Properties"]["Bucket"] == {"Ref": bucket}
    )
    (allowed,) = (given["Fn::If"][1] for given in policy if "Fn::If" in given)
    assert all(given["Effect"] == "Deny" for given in policy if "Fn::If" not in given)
    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert allowed["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(":distribution/${WebDistribution}")


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_comes_over_tls_with_headers_that_let_nothing_else_in(stage: str) -> None:
    (distribution,) = (
        found["Properties"]["DistributionConfig"] for found in each(stage, "AWS::CloudFront::Distribution").values()
    )
    certificate = distribution["ViewerCertificate"]["Fn::If"]
    assert certificate[0] == "HasPageDomain"
    assert certificate[1]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    behaviour = distribution["DefaultCacheBehavior"]
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    headers = of(stage)["Resources"][behaviour["ResponseHeadersPolicyId"]["Ref"]]["Properties"]["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 86_400
    assert security["FrameOptions"]["FrameOption"] == "DENY"
    assert "ContentTypeOptions" in security
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"][0]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "*" not in policy
