"""
Amazon Bedrock models and inference profiles: prices, limits, and where a profile may send a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from genai_layers.catalog import regions
from genai_layers.catalog.errors import RegionError, UnknownBedrockModelError
from genai_layers.catalog.tables import Confidence, closest, listed, load

if TYPE_CHECKING:
    from collections.abc import Mapping


LIST_REGION = "us-east-1"
"""
Region whose prices stand in the table where a row names no other.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """
    The regions among which inference profiles of one prefix route requests.

    A model uses some of them; a policy that names them all is complete, and never leaves the geography.

    Attributes:
        prefix: First part of the profile id, e.g. ``eu``.
        partition: Partition of the regions.
        regions: Destination regions known; empty for ``global``, which may use every commercial region.
        source: Where the list was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it; no complete table is published, so a caller may override the list.
    """

    prefix: str
    partition: str
    regions: tuple[str, ...]
    source: str
    as_of: str
    confidence: Confidence

    @property
    def is_global(self) -> bool:
        """
        Routes to every commercial region.
        """
        return self.prefix == "global"


@dataclass(frozen=True, slots=True, kw_only=True)
class BedrockModel:
    """
    One model, or one inference profile of a model.

    Attributes:
        id: Id that a request names: a model id or an inference profile id.
        foundation_model_id: Id of the model, without the geography.
        geography: Geography of the inference profile; None for a plain model id.
        provider: Who makes the model, e.g. ``anthropic``.
        mode: ``chat``, ``embedding`` or ``rerank``.
        input_usd_per_million: A million input tokens, USD; None when not priced by tokens.
        output_usd_per_million: A million output tokens, USD; None when not priced by tokens.
        cache_read_usd_per_million: A million tokens read from the prompt cache, USD; None without a price.
        cache_write_usd_per_million: A million tokens written to it, USD; None without a price.
        query_usd: One query of a reranker, USD; None for others.
        context: Longest input, tokens; None when not known.
        max_output: Longest answer, tokens; None when not known.
        embedding_dimensions: Lengths of vector that it can give, the default first; empty for others.
        cache_min_tokens: Shortest prefix that the prompt cache keeps, tokens; None when not known.
        uses_tools: Takes tool definitions.
        end_of_life: Last day of service, ISO date; None when none is announced.
        successor: Id of the model to move to; None when none is named.
        price_region: Region that the price is known to hold for; None for the list price, or that of a profile.
        source: Where the row was read.
        as_of: When it was read, ISO date.
        confidence: How far to trust it.
    """

    id: str
    foundation_model_id: str
    geography: Geography | None
    provider: str
    mode: str
    input_usd_per_million: Decimal | None
    output_usd_per_million: Decimal | None
    cache_read_usd_per_million: Decimal | None
    cache_write_usd_per_million: Decimal | None
    query_usd: Decimal | None
    context: int | None
    max_output: int | None
    embedding_dimensions: tuple[int, ...]
    cache_min_tokens: int | None
    uses_tools: bool
    end_of_life: str | None
    successor: str | None
    price_region: str | None
    source: str
    as_of: str
    confidence: Confidence

    @property
    def is_profile(self) -> bool:
        """
        Names an inference profile rather than a model.
        """
        return self.geography is not None


@cache
def _geographies() -> Mapping[str, Geography]:
    rows = load("bedrock")["geographies"]
    return MappingProxyType(
        {
            prefix: Geography(
                prefix=prefix,
                partition=row["partition"],
                regions=tuple(row["regions"]),
                source=row["source"],
                as_of=row["as_of"],
                confidence=Confidence(row["confidence"]),
            )
            for prefix, row in rows.items()
        }
    )


profiles: Mapping[str, Geography] = _geographies()
"""
Geographies by prefix of the inference profile id.
"""


def ids(*, mode: str | None = None) -> tuple[str, ...]:
    """
    All model and profile ids, of one *mode* when it is given.
    """
    rows = load("bedrock")["rows"]
    return tuple(name for name, row in rows.items() if mode in (None, row["mode"]))


def get(model_id: str, region: str | None = None) -> BedrockModel:
    """
    The model or inference profile called *model_id*.

    Args:
        model_id: Id as a request names it. Ids have no common shape: newer ones carry no date and no version.
        region: Region to price it for. Default: the list price. A region without a price of its own keeps the list
            price, and the answer's *price_region* stays None.

    Raises:
        UnknownBedrockModelError: No model has this id; the message names the closest.
        RegionError: *region* has not the form of a region, or the profile does not start from its partition.

    Example:
        >>> get("eu.amazon.nova-lite-v1:0").foundation_model_id
        'amazon.nova-lite-v1:0'
    """
    table = load("bedrock")
    row: dict[str, Any] | None = table["rows"].get(model_id)
    if row is None:
        near = closest(model_id, table["rows"]) or tuple(name for name in table["rows"] if model_id in name)[:5]
        raise UnknownBedrockModelError(
            f"Bedrock model {model_id!r} is not in the catalog"
            + (f": choose one like {listed(near)}" if near else f": choose one of its {len(table['rows'])} ids"),
            alternatives=near,
        )
    prefix, _, rest = model_id.partition(".")
    geography = profiles.get(prefix)
    plain = rest if geography is not None else model_id
    local = None
    if region is not None:
        _check(model_id, geography, region)
        local = table["regional"].get(plain, {}).get(region) if geography is None else None
    usd = {name: Decimal(text) for name, text in (local or row["usd"]).items()}
    read_at_aws = "/offers/v1.0/aws/" in row["source"]
    return BedrockModel(
        id=model_id,
        foundation_model_id=plain,
        geography=geography,
        provider=plain.split(".", 1)[0],
        mode=row["mode"],
        input_usd_per_million=usd.get("input"),
        output_usd_per_million=usd.get("output"),
        cache_read_usd_per_million=usd.get("cache_read"),
        cache_write_usd_per_million=usd.get("cache_write"),
        query_usd=Decimal(row["query"]) if "query" in row else None,
        context=row.get("context"),
        max_output=row.get("max_output"),
        embedding_dimensions=tuple(row.get("dimensions", ())),
        cache_min_tokens=row.get("cache_min_tokens"),
        uses_tools=row["tools"],
        end_of_life=row.get("end_of_life"),
        successor=row.get("successor"),
        price_region=region if local or (geography is None and region == LIST_REGION) else None,
        source=row["source"] or table["source"],
        as_of=table["as_of"],
        confidence=Confidence.DOCUMENTED if read_at_aws else Confidence.INFERRED,
    )


def destinations(profile_id: str) -> tuple[str, ...]:
    """
    Regions to which the inference profile may send a request; empty for a plain model and for ``global``.
    """
    geography = profiles.get(profile_id.partition(".")[0])
    return geography.regions if geography else ()


def _check(model_id: str, geography: Geography | None, region: str) -> None:
    home = regions.partition(region)
    if geography is not None and geography.partition != home:
        raise RegionError(
            f"inference profile {model_id!r} serves partition {geography.partition!r}, and region {region!r} is of "
            f"{home!r}: choose a profile of that partition, or the plain model id {model_id.partition('.')[2]!r}"
        )
