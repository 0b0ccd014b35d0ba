"""The web page: files that a browser runs as they are, and what whoever serves them must say about them."""

from genai_layers.web.page import STATIC, PageConfig, PageFederation, content_security_policy, security_headers
from genai_layers.web.tree import API_PATHS, media_type, page_files

__all__ = [
    "API_PATHS",
    "STATIC",
    "PageConfig",
    "PageFederation",
    "content_security_policy",
    "media_type",
    "page_files",
    "security_headers",
]
