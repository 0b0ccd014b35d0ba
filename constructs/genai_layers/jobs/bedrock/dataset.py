"""A file that a job reads, which an execution may exchange for another one of the same folder."""

from dataclasses import dataclass

from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn

from genai_layers.jobs.bedrock.folder import PATH, Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """
    A file in a folder of a bucket.

    Attributes:
        bucket: The bucket, versioned and under a key of yours.
        path: The folder; the job may read everything in it, and nothing else.
        file: The file that is meant when an execution names none, such as `2026-11.jsonl`.
    """

    bucket: s3.IBucket
    path: str
    file: str

    @property
    def folder(self) -> Folder:
        """The folder that it lies in."""
        return Folder(bucket=self.bucket, path=self.path)

    def faults(self, prop: str) -> list[str]:
        """
        Return what is wrong with it.

        Args:
            prop: What the user calls it.
        """
        faults = self.folder.faults(prop)
        if not PATH.fullmatch(self.file):
            faults.append(f"{prop}.file is {self.file!r}: name a file below the folder, such as '2026-11.jsonl'")
        return faults

    def uri(self, file: str) -> str:
        """
        Return the address of a file that the execution names.

        Args:
            file: Path of its name in the state.
        """
        return sfn.JsonPath.format(f"{self.folder.uri}/{{}}", sfn.JsonPath.string_at(file))
