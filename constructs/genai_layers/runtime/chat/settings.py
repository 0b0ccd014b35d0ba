"""What the deployment decided, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..shared.env import Environment
from . import named_models
from .machines import Machine
from .machines import read as read_machines
from .named_models import AUTO, Choice, NamedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """
    Settings of one chat function.

    Attributes:
        model_id: Model or inference profile that answers; `auto` where there are several.
        guardrail_id: Guardrail around it.
        guardrail_version: Its version.
        knowledge_base_id: Where passages are found.
        table_name: Where conversations are kept.
        function_name: Dimension of the metrics.
        allowed_clients: App clients whose tokens are taken.
        machines: Programs that may ask without a person, by their app client.
        allowed_origins: Origins whose pages may read the answers.
        max_output_tokens: Longest answer.
        passages: Passages given to the model, at most.
        history: Earlier exchanges of the conversation given to the model, at most.
        retention_days: Days that an exchange is kept.
        instructions: What the operator adds to the instructions.
        inspects_passages: Whether the guardrail judges the passages too, and not the question alone.
        temperature: None leaves it to the model.
        input_usd_per_million: None where no price is known.
        output_usd_per_million: None where no price is known.
        user_tokens_per_day: None sets no limit.
        tenant_tokens_per_day: None sets no limit.
        tenant_group_prefix: Groups so named put a user into a tenant; None where there are no tenants.
        allowed_groups: Groups whose users are served; empty serves every user.
        link_hosts: Hosts that an answer may link to.
        models: The models that a request can name; none where there is the one of *model_id*.
        model_choice: Which of them is asked first.
        allowed_models: Groups and the models that they may use; None lets every user use all.
        reranking_model_arn: Puts passages into a better order; None leaves the order of the search.
    """

    model_id: str
    guardrail_id: str
    guardrail_version: str
    knowledge_base_id: str
    table_name: str
    function_name: str
    allowed_clients: tuple[str, ...]
    max_output_tokens: int = 1024
    passages: int = 5
    history: int = 6
    retention_days: int = 30
    instructions: str | None = None
    inspects_passages: bool = False
    temperature: Decimal | None = None
    input_usd_per_million: Decimal | None = None
    output_usd_per_million: Decimal | None = None
    user_tokens_per_day: int | None = None
    tenant_tokens_per_day: int | None = None
    tenant_group_prefix: str | None = None
    allowed_groups: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    machines: tuple[Machine, ...] = ()
    models: tuple[NamedModel, ...] = ()
    model_choice: Choice = Choice.IN_ORDER
    allowed_models: Mapping[str, tuple[str, ...]] | None = None
    reranking_model_arn: str | None = None

    @property
    def model_names(self) -> tuple[str, ...]:
        """What a request may name, in the order of the deployment."""
        return tuple(one.name for one in self.models) or (self.model_id,)

    def prices(self, name: str) -> dict[str, Decimal | None]:
        """Return the prices of the model *name*, as `price.usage` takes them."""
        priced = next((one for one in self.models if one.name == name), self)
        return {
            "input_usd_per_million": priced.input_usd_per_million,
            "output_usd_per_million": priced.output_usd_per_million,
        }


def read(environment: Environment) -> ChatSettings:
    """
    Return the settings in *environment*.

    Raises:
        MissingSettingError: Names every setting that is missing or wrong.
    """
    models = environment.parsed("MODELS", named_models.read)
    settings = ChatSettings(
        model_id=AUTO if models else environment.text("MODEL_ID"),
        guardrail_id=environment.text("GUARDRAIL_ID"),
        guardrail_version=environment.text("GUARDRAIL_VERSION"),
        knowledge_base_id=environment.text("KNOWLEDGE_BASE_ID"),
        table_name=environment.text("TABLE_NAME"),
        function_name=environment.text("AWS_LAMBDA_FUNCTION_NAME"),
        allowed_clients=tuple(environment.text("ALLOWED_CLIENTS").split()),
        machines=read_machines(environment.optional("MACHINE_CLIENTS")),
        max_output_tokens=environment.whole("MAX_OUTPUT_TOKENS", minimum=1),
        passages=environment.whole("PASSAGES", minimum=1),
        history=environment.whole("HISTORY_EXCHANGES"),
        retention_days=environment.whole("RETENTION_DAYS", minimum=1),
        instructions=environment.optional("INSTRUCTIONS"),
        inspects_passages=environment.optional("INSPECT_PASSAGES") == "true",
        temperature=environment.optional_decimal("TEMPERATURE"),
        input_usd_per_million=environment.optional_decimal("INPUT_USD_PER_MILLION"),
        output_usd_per_million=environment.optional_decimal("OUTPUT_USD_PER_MILLION"),
        user_tokens_per_day=environment.optional_whole("USER_TOKENS_PER_DAY", minimum=1),
        tenant_tokens_per_day=environment.optional_whole("TENANT_TOKENS_PER_DAY", minimum=1),
        tenant_group_prefix=environment.optional("TENANT_GROUP_PREFIX"),
        allowed_groups=environment.words("ALLOWED_GROUPS"),
        link_hosts=environment.words("LINK_HOSTS"),
        allowed_origins=environment.words("ALLOWED_ORIGINS"),
        models=models or (),
        model_choice=environment.parsed("MODEL_CHOICE", lambda text: Choice(text or "in_order")) or Choice.IN_ORDER,
        allowed_models=environment.parsed("ALLOWED_MODELS", named_models.read_allowed),
        reranking_model_arn=environment.optional("RERANKING_MODEL_ARN"),
    )
    environment.check()
    return settings
