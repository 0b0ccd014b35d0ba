"""
Ingestion as Bedrock does it, as far as search by words needs it.

MiniStack 1.5.33 indexes whole UTF-8 documents, refuses PDF, counts every document as changed on every run and
keeps what was removed from the bucket. Here PDF text is extracted, documents are cut into passages by the data
source's chunking configuration, and a run says truly what was new, changed, the same, removed and unreadable.
With IAM enforced, the bucket is read as the knowledge base's role, as Bedrock would.
There are still no embeddings: retrieval ranks passages by the words they share with the question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from ministack.services import bedrock_agent, s3

from tools.local_cloud.ministack_launcher.corrections.acting import RoleSession, refusal, session_of
from tools.local_cloud.ministack_launcher.documents import UnreadableDocumentError, passages, text_of

_SIDECAR = ".metadata.json"


def apply() -> None:
    """Replace MiniStack's reading of a bucket."""
    bedrock_agent._run_s3_ingestion = run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    knowledge_base_id: str
    data_source_id: str
    bucket: str
    prefixes: tuple[str, ...]
    ingestion: dict[str, Any] | None

    @property
    def stem(self) -> str:
        return f"{self.knowledge_base_id}/{self.data_source_id}/"


def run(knowledge_base_id: str, data_source_id: str, data_source: dict[str, Any]) -> tuple[dict[str, int], list[str]]:
    """
    Bring the index in line with the bucket.

    Returns:
        tuple[dict[str, int], list[str]]: Statistics under Bedrock's names, and why documents failed.
    """
    counts = dict.fromkeys(
        (
            "NumberOfDocumentsScanned",
            "NumberOfNewDocumentsIndexed",
            "NumberOfModifiedDocumentsIndexed",
            "NumberOfDocumentsDeleted",
            "NumberOfDocumentsFailed",
            "NumberOfMetadataDocumentsScanned",
            "NumberOfMetadataDocumentsModified",
        ),
        0,
    )
    configuration = data_source["DataSourceConfiguration"]
    if configuration.get("type") != "S3":
        return counts, [f"data source type {configuration.get('type')} is not read by the local cloud, only S3"]
    source = _source(knowledge_base_id, data_source_id, data_source)
    if s3._buckets.get(source.bucket) is None:
        return counts, [f"bucket {source.bucket} does not exist"]
    reader = session_of(_role_arn(knowledge_base_id), "bedrock-ingestion")
    listing = refusal(reader, "s3:ListBucket", f"arn:aws:s3:::{source.bucket}")
    if listing:
        return counts, [listing]
    objects = s3._buckets[source.bucket]["objects"]
    keys = [key for key in sorted(objects) if not key.endswith("/") and key.startswith(source.prefixes or ("",))]
    counts["NumberOfMetadataDocumentsScanned"] = sum(key.endswith(_SIDECAR) for key in keys)
    documents = [key for key in keys if not key.endswith(_SIDECAR)]
    failures = []
    for key in documents:
        counts["NumberOfDocumentsScanned"] += 1
        try:
            outcome = _index(source, key, reader, has_sidecar=f"{key}{_SIDECAR}" in objects)
        except UnreadableDocumentError as error:
            counts["NumberOfDocumentsFailed"] += 1
            failures.append(f"s3://{source.bucket}/{key}: {error}")
            continue
        if outcome:
            counts[outcome] += 1
    counts["NumberOfDocumentsDeleted"] = _forget_all_but(source, documents)
    return counts, failures


def _source(knowledge_base_id: str, data_source_id: str, data_source: dict[str, Any]) -> _Source:
    read = data_source["DataSourceConfiguration"]["s3Configuration"]
    return _Source(
        knowledge_base_id=knowledge_base_id,
        data_source_id=data_source_id,
        bucket=read["bucketArn"].rsplit(":", 1)[-1],
        prefixes=tuple(read.get("inclusionPrefixes") or ()),
        ingestion=data_source.get("VectorIngestionConfiguration"),
    )


def _role_arn(knowledge_base_id: str) -> str:
    return str(bedrock_agent._knowledge_bases[knowledge_base_id]["RoleArn"])


def _index(source: _Source, key: str, reader: RoleSession | None, *, has_sidecar: bool) -> str | None:
    """Index one document; the statistic to raise, or None when it is unchanged."""
    denied = refusal(reader, "s3:GetObject", f"arn:aws:s3:::{source.bucket}/{key}")
    if denied:
        raise UnreadableDocumentError(denied)
    content = s3._get_object_data(source.bucket, key) or b""
    sidecar = s3._get_object_data(source.bucket, f"{key}{_SIDECAR}") if has_sidecar else b""
    digest = hashlib.sha256(content + b"\0" + (sidecar or b"")).hexdigest()
    known = bedrock_agent._kb_documents.get(f"{source.stem}{key}")
    if known is not None and known["Digest"] == digest:
        return None
    uri = f"s3://{source.bucket}/{key}"
    cut = passages(text_of(key, content), source.ingestion)
    _forget(source, key)
    attributes = bedrock_agent._metadata_attributes(sidecar) if sidecar else {}
    for number, passage in enumerate(cut):
        bedrock_agent._kb_document_texts[f"{source.stem}{key}#{number}"] = {
            "Text": passage,
            "Uri": uri,
            "Metadata": {
                **attributes,
                "x-amz-bedrock-kb-source-uri": uri,
                "x-amz-bedrock-kb-data-source-id": source.data_source_id,
                "x-amz-bedrock-kb-chunk-id": f"{digest[:16]}-{number}",
            },
        }
    bedrock_agent._kb_documents[f"{source.stem}{key}"] = {
        "DocumentIdentifier": {"dataSourceType": "S3", "s3": {"uri": uri}},
        "Status": "INDEXED",
        "StatusReason": "",
        "UpdatedAt": bedrock_agent._now_iso(),
        "Digest": digest,
    }
    return "NumberOfNewDocumentsIndexed" if known is None else "NumberOfModifiedDocumentsIndexed"


def _forget(source: _Source, key: str) -> None:
    bedrock_agent._kb_documents.pop(f"{source.stem}{key}", None)
    for name in [name for name in bedrock_agent._kb_document_texts if name.startswith(f"{source.stem}{key}#")]:
        del bedrock_agent._kb_document_texts[name]


def _forget_all_but(source: _Source, present: list[str]) -> int:
    """Drop what is no longer in the bucket; how many documents that were."""
    kept = {f"{source.stem}{key}" for key in present}
    gone = [name for name in bedrock_agent._kb_documents if name.startswith(source.stem) and name not in kept]
    for name in gone:
        _forget(source, name.removeprefix(source.stem))
    return len(gone)
