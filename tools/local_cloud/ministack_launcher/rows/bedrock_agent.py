"""Bedrock's knowledge bases and their data sources."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import also, answered, given, identity, joined, part, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Row

ROWS = (
    Row(
        type="AWS::Bedrock::KnowledgeBase",
        service="bedrock-agent",
        name=Name("Name", 100),
        create=Call("CreateKnowledgeBase"),
        physical_id=answered("knowledgeBase.knowledgeBaseId"),
        attributes={
            "KnowledgeBaseId": answered("knowledgeBase.knowledgeBaseId"),
            "KnowledgeBaseArn": answered("knowledgeBase.knowledgeBaseArn"),
            "Status": answered("knowledgeBase.status"),
        },
        update=Call(
            "UpdateKnowledgeBase",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name != "Tags"},
                "knowledgeBaseId": r.physical_id,
            },
        ),
        replaces=frozenset({"KnowledgeBaseConfiguration", "StorageConfiguration"}),
        delete=(Call("DeleteKnowledgeBase", send(knowledgeBaseId=identity)),),
    ),
    Row(
        type="AWS::Bedrock::DataSource",
        service="bedrock-agent",
        name=Name("Name", 100),
        create=Call("CreateDataSource"),
        physical_id=joined(given("KnowledgeBaseId"), answered("dataSource.dataSourceId")),
        attributes={
            "DataSourceId": answered("dataSource.dataSourceId"),
            "DataSourceStatus": answered("dataSource.status"),
        },
        update=Call("UpdateDataSource", also(dataSourceId=part(1))),
        # In the schema of the type: of the ingestion, how documents are cut and read.
        replaces=frozenset({"KnowledgeBaseId", "VectorIngestionConfiguration"}),
        delete=(Call("DeleteDataSource", send(knowledgeBaseId=part(0), dataSourceId=part(1))),),
    ),
)
