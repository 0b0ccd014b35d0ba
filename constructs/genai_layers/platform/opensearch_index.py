"""What Bedrock demands of an index in OpenSearch, Serverless or not; each line is pinned by a test."""

# It accepts no engine but faiss, and reads the text and the metadata from fields that it is told of.
VECTOR_FIELD = "bedrock-knowledge-base-vector"
TEXT_FIELD = "AMAZON_BEDROCK_TEXT_CHUNK"
METADATA_FIELD = "AMAZON_BEDROCK_METADATA"
FIELD_MAPPING = {"vectorField": VECTOR_FIELD, "textField": TEXT_FIELD, "metadataField": METADATA_FIELD}

MAX_DIMENSIONS = 16_000


def mappings(dimensions: int, space_type: str = "spaceType") -> dict[str, object]:
    """
    Return the mappings of the index.

    Args:
        dimensions: Length of the vectors.
        space_type: How the parameter is spelled: CloudFormation and the API of OpenSearch differ in it. Default: as
            CloudFormation does.
    """
    of_api = space_type == "space_type"
    vector = {
        "type": "knn_vector",
        "dimension": dimensions,
        "method": {
            "engine": "faiss",
            "name": "hnsw",
            space_type: "l2",
            "parameters": {"ef_construction" if of_api else "efConstruction": 512, "m": 16},
        },
    }
    return {
        "properties": {
            VECTOR_FIELD: vector,
            TEXT_FIELD: {"type": "text", "index": True},
            METADATA_FIELD: {"type": "text", "index": False},
        }
    }
