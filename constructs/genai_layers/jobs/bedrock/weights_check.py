"""
Weights are what their manifest says, and the manifest is the one that was meant.

    Read manifest -> Manifest is meant -> List folder -> Nothing else -> Check files (each: Read checksum -> Compare)

Nobody reads hundreds of gigabytes again: S3 has hashed every object with SHA-256 when it was put, and tells the digest.
The manifest names the digest of each file, and whoever starts the import names the digest of the manifest.
S3 hashes an object that comes in parts part by part, and then the digests; so does the manifest.
"""

from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.sdk_call import sdk_call

MANIFEST = "manifest.json"
"""Name of the manifest, in the folder of the weights."""

NOT_MEANT = "ManifestNotMeant"
CHANGED = "WeightsNotAsListed"
EXTRA = "FilesNotListed"
"""Errors of an execution; the cause names the file, and what was expected and found."""

_FOLDER = "$.input.folder"
_PARALLEL = 20


def weights_check(scope: Construct, weights: Folder) -> tuple[tasks.CallAwsService, sfn.Map]:
    """
    Return where the check begins and where it ends.

    The state must hold `input.folder`, below the folder of *weights*, and `input.manifest_sha256`.

    Args:
        scope: The construct that the steps belong to.
        weights: Folder that holds a folder for each model.
    """
    bucket = weights.bucket.bucket_name
    folder = sfn.JsonPath.string_at(_FOLDER)
    read = sdk_call(
        scope,
        "Read manifest",
        service="s3",
        operation="GetObject",
        resources=[weights.objects],
        parameters={
            "Bucket": bucket,
            "Key": sfn.JsonPath.format(f"{weights.path}/{{}}/{MANIFEST}", folder),
            "ChecksumMode": "ENABLED",
        },
        result_path="$.manifest",
    )
    meant = sfn.Condition.and_(
        sfn.Condition.is_present("$.manifest.ChecksumSHA256"),
        sfn.Condition.string_equals_json_path("$.manifest.ChecksumSHA256", "$.input.manifest_sha256"),
    )
    parse = sfn.Pass(
        scope,
        "Parse manifest",
        parameters={"files.$": "States.StringToJson($.manifest.Body)"},
        result_path="$.manifest",
    )
    count = sfn.Pass(
        scope,
        "Count files",
        parameters={
            "files.$": "$.manifest.files.files",
            # One more, since the manifest lies in the folder too.
            "expected.$": "States.MathAdd(States.ArrayLength($.manifest.files.files), 1)",
        },
        result_path="$.manifest",
    )
    listed = sdk_call(
        scope,
        "List folder",
        service="s3",
        operation="ListObjectsV2",
        resources=[weights.bucket.bucket_arn],
        iam_action="s3:ListBucket",
        parameters={"Bucket": bucket, "Prefix": sfn.JsonPath.format(f"{weights.path}/{{}}/", folder)},
        result_selector={"found.$": "$.KeyCount", "more.$": "$.IsTruncated"},
        result_path="$.listed",
    )
    complete = sfn.Condition.and_(
        sfn.Condition.boolean_equals("$.listed.more", False),
        sfn.Condition.number_equals_json_path("$.listed.found", "$.manifest.expected"),
    )
    files = _check_files(scope, weights)
    read.next(
        sfn.Choice(scope, "Manifest is meant")
        .when(meant, parse)
        .otherwise(
            sfn.Fail(
                scope,
                "Manifest not meant",
                error=NOT_MEANT,
                cause_path=sfn.JsonPath.format(
                    f"{MANIFEST} in folder {{}} has not the SHA-256 {{}}: S3 keeps a digest of objects that are put "
                    "with --checksum-algorithm SHA256, in one part",
                    folder,
                    sfn.JsonPath.string_at("$.input.manifest_sha256"),
                ),
            )
        )
    )
    parse.next(count).next(listed).next(
        sfn.Choice(scope, "Nothing else")
        .when(complete, files)
        .otherwise(
            sfn.Fail(
                scope,
                "Files not listed",
                error=EXTRA,
                cause_path=sfn.JsonPath.format(
                    "folder {} holds {} objects, its manifest and what that lists are {}: take away what is not listed",
                    folder,
                    sfn.JsonPath.string_at("$.listed.found"),
                    sfn.JsonPath.string_at("$.manifest.expected"),
                ),
            )
        )
    )
    return read, files


def _check_files(scope: Construct, weights: Folder) -> sfn.Map:
    item = "$$.Map.Item.Value"
    files = sfn.Map(
        scope,
        "Check files",
        items_path="$.manifest.files",
        max_concurrency=_PARALLEL,
        item_selector={
            "folder.$": _FOLDER,
            "file.$": f"{item}.file",
            "bytes.$": f"{item}.bytes",
            "sha256.$": f"{item}.sha256",
            # How S3 writes the digest of an object that came in parts, in some answers.
            "sha256_of_parts.$": f"States.Format('{{}}-{{}}', {item}.sha256, {item}.parts)",
        },
        result_path=sfn.JsonPath.DISCARD,
    )
    read = sdk_call(
        scope,
        "Read checksum",
        service="s3",
        operation="GetObjectAttributes",
        resources=[weights.objects],
        parameters={
            "Bucket": weights.bucket.bucket_name,
            "Key": sfn.JsonPath.format(
                f"{weights.path}/{{}}/{{}}", sfn.JsonPath.string_at("$.folder"), sfn.JsonPath.string_at("$.file")
            ),
            "ObjectAttributes": ["Checksum", "ObjectSize"],
        },
        result_path="$.found",
    )
    digest = "$.found.Checksum.ChecksumSHA256"
    same = sfn.Condition.and_(
        sfn.Condition.is_present(digest),
        sfn.Condition.or_(
            sfn.Condition.string_equals_json_path(digest, "$.sha256"),
            sfn.Condition.string_equals_json_path(digest, "$.sha256_of_parts"),
        ),
        sfn.Condition.number_equals_json_path("$.found.ObjectSize", "$.bytes"),
    )
    differs = sfn.Fail(
        scope,
        "Not as listed",
        error=CHANGED,
        cause_path=sfn.JsonPath.format(
            "file {} in folder {} is not what the manifest lists, {} bytes with SHA-256 {}: S3 says {}",
            sfn.JsonPath.string_at("$.file"),
            sfn.JsonPath.string_at("$.folder"),
            sfn.JsonPath.string_at("$.bytes"),
            sfn.JsonPath.string_at("$.sha256"),
            sfn.JsonPath.json_to_string(sfn.JsonPath.object_at("$.found")),
        ),
    )
    compare = sfn.Choice(scope, "Compare").when(same, sfn.Pass(scope, "As listed", parameters={})).otherwise(differs)
    files.item_processor(read.next(compare))
    return files
