"""
The steps of asking for models.

    Defaults -> Begin -> Is it meant -> [Look for form -> Send form] -> Each model
                                                                          |
       Look -> Standing -> Granted                                        |
                  | not granted                                           |
                  v                                                       v
            List offers -> Accept? -> Offered (what would be agreed to)  Told
                              | yes
                              v
                        Agree -> Give it time -> Look
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.awaited_job import begin, failure
from genai_layers.jobs.bedrock.sdk_call import sdk_call
from genai_layers.jobs.bedrock.use_case import UseCase

NOT_HERE = "ModelNotInRegion"
NOT_AUTHORIZED = "ModelNotAuthorized"
NO_OFFER = "ModelHasNoOffer"
NOT_AGREED = "AgreementFailed"
OUT_OF_TIME = "AgreementTimedOut"
"""Errors of an execution; the cause says which model, and how it stands."""

# None of the actions has resources in IAM.
_ANY = ("*",)
_POLL = Duration.seconds(20)
_LOOKS = 45
_STANDING = "$.standing"
_STATUS = f"{_STANDING}.AgreementAvailability.Status"


def access_steps(scope: Construct, models: Sequence[str], use_case: UseCase | None) -> sfn.IChainable:
    """
    Return the definition.

    Args:
        scope: The construct that the steps belong to.
        models: Ids of the models.
        use_case: Form to send where none has been sent; None to send none.
    """
    listed = sfn.Pass(
        scope, "Models", parameters={"accept.$": "$.input.accept", "models": list(models)}, result_path="$"
    )
    each = sfn.Map(
        scope,
        "Each model",
        items_path="$.models",
        max_concurrency=1,
        item_selector={"model.$": "$$.Map.Item.Value", "accept.$": "$.accept", "looks": {"done": 1}},
    )
    each.item_processor(_one_model(scope))
    each.next(sfn.Succeed(scope, "Told"))
    chain = begin(scope, {"accept": False}).next(listed)
    if use_case is None:
        return chain.next(each)
    return chain.next(sfn.Choice(scope, "Is it meant").when(_accepted(), _form(scope, use_case, each)).otherwise(each))


def _accepted() -> sfn.Condition:
    return sfn.Condition.and_(sfn.Condition.is_boolean("$.accept"), sfn.Condition.boolean_equals("$.accept", True))


def _form(scope: Construct, use_case: UseCase, following: sfn.IChainable) -> sfn.IChainable:
    look = _call(scope, "Look for form", "GetUseCaseForModelAccess", {}, sfn.JsonPath.DISCARD)
    send = _call(scope, "Send form", "PutUseCaseForModelAccess", {"FormData": use_case.render()}, sfn.JsonPath.DISCARD)
    look.add_catch(send, errors=["Bedrock.ResourceNotFoundException"], result_path="$.no_form")
    send.next(following)
    return look.next(following)


def _one_model(scope: Construct) -> sfn.IChainable:
    model = {"ModelId": sfn.JsonPath.string_at("$.model")}
    look = _call(scope, "Look", "GetFoundationModelAvailability", model, _STANDING)
    offers = _call(
        scope,
        "List offers",
        "ListFoundationModelAgreementOffers",
        {**model, "OfferType": "PUBLIC"},
        "$.offered",
    )
    token = "$.offered.Offers[0].OfferToken"  # noqa: S105 - a path, not a secret
    agree = _call(
        scope,
        "Agree",
        "CreateFoundationModelAgreement",
        {**model, "OfferToken": sfn.JsonPath.string_at(token)},
        "$.agreed",
        statements=[_marketplace()],
    )
    # Somebody else was quicker.
    again = sfn.Wait(scope, "Give it time", time=sfn.WaitTime.duration(_POLL))
    agree.add_catch(again, errors=["Bedrock.ConflictException"], result_path="$.agreed")
    count = sfn.Pass(scope, "Count", parameters={"done.$": "States.MathAdd($.looks.done, 1)"}, result_path="$.looks")
    agree.next(again)
    again.next(count).next(look)
    offers.next(
        sfn.Choice(scope, "Accept?")
        .when(sfn.Condition.not_(_accepted()), _told(scope, "Offered", offers="$.offered.Offers"))
        .when(sfn.Condition.is_present(token), agree)
        .otherwise(failure(scope, "No offer", NO_OFFER, "$"))
    )
    return look.next(_standing(scope, again, offers))


def _standing(scope: Construct, again: sfn.IChainable, offers: sfn.IChainable) -> sfn.Choice:
    def is_(field: str, value: str) -> sfn.Condition:
        return sfn.Condition.string_equals(f"{_STANDING}.{field}", value)

    pending = sfn.Condition.string_equals(_STATUS, "PENDING")
    agreed = sfn.Condition.is_present("$.agreed")
    late = sfn.Condition.number_greater_than_equals("$.looks.done", _LOOKS)
    available = sfn.Condition.string_equals(_STATUS, "AVAILABLE")
    entitled = is_("EntitlementAvailability", "AVAILABLE")
    return (
        sfn.Choice(scope, "Standing")
        .when(is_("RegionAvailability", "NOT_AVAILABLE"), failure(scope, "Not here", NOT_HERE, "$"))
        .when(is_("AuthorizationStatus", "NOT_AUTHORIZED"), failure(scope, "Not authorized", NOT_AUTHORIZED, "$"))
        .when(sfn.Condition.and_(available, entitled), _told(scope, "Granted"))
        .when(sfn.Condition.string_equals(_STATUS, "ERROR"), failure(scope, "Not agreed", NOT_AGREED, "$"))
        .when(late, failure(scope, "Out of time", OUT_OF_TIME, "$"))
        .when(sfn.Condition.or_(pending, agreed), again)
        .otherwise(offers)
    )


def _told(scope: Construct, id: str, offers: str | None = None) -> sfn.Pass:
    told: dict[str, object] = {"model.$": "$.model", "granted": offers is None}
    return sfn.Pass(scope, id, parameters=told if offers is None else {**told, "offers.$": offers})


def _marketplace() -> iam.PolicyStatement:
    # Third-party models are sold through the marketplace; only what Bedrock asks it on our behalf.
    return iam.PolicyStatement(
        actions=["aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"],
        resources=["*"],
        conditions={"StringEquals": {"aws:CalledViaLast": "bedrock.amazonaws.com"}},
    )


def _call(
    scope: Construct,
    id: str,
    operation: str,
    parameters: Mapping[str, object],
    result_path: str,
    statements: Sequence[iam.PolicyStatement] = (),
) -> tasks.CallAwsService:
    return sdk_call(
        scope,
        id,
        service="bedrock",
        operation=operation,
        resources=_ANY,
        parameters=parameters,
        statements=statements,
        result_path=result_path,
    )
