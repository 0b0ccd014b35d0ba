"""Stores and kinds of knowledge bases that no rule objects to, and what breaks them."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, dropping, setting

_ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
_KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
_SECRET = {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:store-AbCdEf"}
_TITAN = {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.titan-embed-text-v2:0"}
_WORKGROUP = {
    "Fn::Sub": "arn:${AWS::Partition}:redshift-serverless:${AWS::Region}:${AWS::AccountId}:workgroup/"
    "01234567-89ab-cdef-0123-456789abcdef"
}
_FIELDS = {"VectorField": "vector", "TextField": "text", "MetadataField": "metadata"}
_COLLECTION = '"Rules":[{"Resource":["collection/passages"],"ResourceType":"collection"}]'


def _network(is_public: bool) -> str:
    return f'[{{"AllowFromPublic":{str(is_public).lower()},{_COLLECTION},"SourceServices":["bedrock.amazonaws.com"]}}]'


def _vectors(name: str, storage: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::Bedrock::KnowledgeBase",
        "Properties": {
            "Name": name,
            "RoleArn": _ROLE_ARN,
            "KnowledgeBaseConfiguration": {
                "Type": "VECTOR",
                "VectorKnowledgeBaseConfiguration": {"EmbeddingModelArn": _TITAN},
            },
            "StorageConfiguration": storage,
        },
    }


STORES: dict[str, Any] = {
    "SearchDomain": {
        "Type": "AWS::OpenSearchService::Domain",
        "Properties": {
            "EngineVersion": "OpenSearch_2.19",
            "AdvancedSecurityOptions": {"Enabled": True},
            "NodeToNodeEncryptionOptions": {"Enabled": True},
            "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": {"Ref": "Key"}},
            "DomainEndpointOptions": {"EnforceHTTPS": True},
        },
    },
    "SearchKnowledge": _vectors(
        "search",
        {
            "Type": "OPENSEARCH_MANAGED_CLUSTER",
            "OpensearchManagedClusterConfiguration": {
                "DomainArn": {"Fn::GetAtt": ["SearchDomain", "Arn"]},
                "DomainEndpoint": {"Fn::Sub": "https://${SearchDomain.DomainEndpoint}"},
                "VectorIndexName": "passages",
                "FieldMapping": _FIELDS,
            },
        },
    ),
    "Graph": {
        "Type": "AWS::NeptuneGraph::Graph",
        "Properties": {
            "ProvisionedMemory": 16,
            "KmsKeyIdentifier": _KEY_ARN,
            "VectorSearchConfiguration": {"VectorSearchDimension": 1024},
        },
    },
    "CollectionKey": {
        "Type": "AWS::OpenSearchServerless::SecurityPolicy",
        "Properties": {
            "Name": "passages",
            "Type": "encryption",
            "Policy": {"Fn::Join": ["", ['{"AWSOwnedKey":false,"KmsARN":"', _KEY_ARN, f'",{_COLLECTION}}}']]},
        },
    },
    "CollectionNetwork": {
        "Type": "AWS::OpenSearchServerless::SecurityPolicy",
        "Properties": {"Name": "passages", "Type": "network", "Policy": _network(False)},
    },
    "AtlasKnowledge": _vectors(
        "atlas",
        {
            "Type": "MONGO_DB_ATLAS",
            "MongoDbAtlasConfiguration": {
                "Endpoint": "handbook.abc12.mongodb.net",
                "EndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
                "DatabaseName": "knowledge",
                "CollectionName": "passages",
                "VectorIndexName": "vectors",
                "CredentialsSecretArn": _SECRET,
                "FieldMapping": _FIELDS,
            },
        },
    ),
    "Passages": {
        "Type": "AWS::RDS::DBCluster",
        "Properties": {
            "Engine": "aurora-postgresql",
            "StorageEncrypted": True,
            "KmsKeyId": _KEY_ARN,
            "MasterUsername": "owner",
            "ManageMasterUserPassword": True,
            "MasterUserSecret": {"KmsKeyId": _KEY_ARN},
        },
    },
    "AuroraKnowledge": _vectors(
        "aurora",
        {
            "Type": "RDS",
            "RdsConfiguration": {
                "ResourceArn": {"Fn::GetAtt": ["Passages", "DBClusterArn"]},
                "CredentialsSecretArn": {"Fn::GetAtt": ["Passages", "MasterUserSecret.SecretArn"]},
                "DatabaseName": "knowledge",
                "TableName": "knowledge.passages",
                "FieldMapping": {**_FIELDS, "PrimaryKeyField": "id"},
            },
        },
    ),
    "Warehouse": {
        "Type": "AWS::Bedrock::KnowledgeBase",
        "Properties": {
            "Name": "warehouse",
            "RoleArn": _ROLE_ARN,
            "KnowledgeBaseConfiguration": {
                "Type": "SQL",
                "SqlKnowledgeBaseConfiguration": {
                    "Type": "REDSHIFT",
                    "RedshiftConfiguration": {
                        "StorageConfigurations": [
                            {"Type": "REDSHIFT", "RedshiftConfiguration": {"DatabaseName": "sales"}}
                        ],
                        "QueryEngineConfiguration": {
                            "Type": "SERVERLESS",
                            "ServerlessConfiguration": {
                                "WorkgroupArn": _WORKGROUP,
                                "AuthConfiguration": {"Type": "IAM"},
                            },
                        },
                        "QueryGenerationConfiguration": {"ExecutionTimeoutSeconds": 60},
                    },
                },
            },
        },
    },
    "Managed": {
        "Type": "AWS::Bedrock::KnowledgeBase",
        "Properties": {
            "Name": "managed",
            "RoleArn": _ROLE_ARN,
            "KnowledgeBaseConfiguration": {
                "Type": "MANAGED",
                "ManagedKnowledgeBaseConfiguration": {
                    "EmbeddingModelType": "MANAGED",
                    "ServerSideEncryptionConfiguration": {"KmsKeyArn": _KEY_ARN},
                },
            },
        },
    },
}
"""Resources by logical id; they refer to `Key` and `Role` of the compliant template."""

_SQL = "Warehouse.KnowledgeBaseConfiguration.SqlKnowledgeBaseConfiguration.RedshiftConfiguration"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-KNOWLEDGE-01", "a domain in a VPC", setting("SearchDomain.VPCOptions", {"SubnetIds": ["subnet-1"]})),
    ("GENAI-KNOWLEDGE-01", "no IAM inside", dropping("SearchDomain.AdvancedSecurityOptions")),
    ("GENAI-KNOWLEDGE-01", "plain http", setting("SearchDomain.DomainEndpointOptions.EnforceHTTPS", False)),
    ("GENAI-KNOWLEDGE-01", "a key of AWS", dropping("SearchDomain.EncryptionAtRestOptions.KmsKeyId")),
    ("GENAI-KNOWLEDGE-02", "no key", dropping("Graph.KmsKeyIdentifier")),
    (
        "GENAI-KNOWLEDGE-03",
        "a cluster on the internet",
        dropping("AtlasKnowledge.StorageConfiguration.MongoDbAtlasConfiguration.EndpointServiceName"),
    ),
    ("GENAI-KNOWLEDGE-04", "no bound", dropping(f"{_SQL}.QueryGenerationConfiguration")),
    ("GENAI-KNOWLEDGE-05", "no key", dropping("Passages.KmsKeyId")),
    (
        "GENAI-KNOWLEDGE-06",
        "no key",
        dropping(
            "Managed.KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration.ServerSideEncryptionConfiguration"
        ),
    ),
    ("GENAI-KNOWLEDGE-07", "a key of AWS", setting("CollectionKey.Policy", f'{{"AWSOwnedKey":true,{_COLLECTION}}}')),
    ("GENAI-KNOWLEDGE-07", "open to the internet", setting("CollectionNetwork.Policy", _network(True))),
    ("GENAI-KNOWLEDGE-07", "a policy that is no JSON", setting("CollectionNetwork.Policy", "[")),
    ("GENAI-KNOWLEDGE-05", "a password under a key of AWS", dropping("Passages.MasterUserSecret")),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    (
        "GENAI-KNOWLEDGE-01",
        "a domain that no knowledge base uses",
        lambda template: (
            template["Resources"].pop("SearchKnowledge"),
            setting("SearchDomain.VPCOptions", {"SubnetIds": ["subnet-1"]})(template),
        )[1],
    ),
    (
        "GENAI-KNOWLEDGE-05",
        "a password that somebody else keeps",
        lambda template: (
            dropping("Passages.ManageMasterUserPassword")(template),
            dropping("Passages.MasterUserSecret")(template),
        )[1],
    ),
]
