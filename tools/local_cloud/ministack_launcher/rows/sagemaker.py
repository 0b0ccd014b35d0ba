"""SageMaker hosting, which moto has and MiniStack lacks."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import answered, given, identity, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Row

_NAME_CHARACTERS = 63


ROWS = (
    # All of a model and of a configuration is create-only.
    Row(
        type="AWS::SageMaker::Model",
        service="sagemaker",
        name=Name("ModelName", _NAME_CHARACTERS),
        create=Call("CreateModel"),
        physical_id=answered("ModelArn"),
        attributes={"ModelName": given("ModelName"), "Id": identity},
        update=None,
        delete=(Call("DeleteModel", send(ModelName=lambda r: r.physical_id.rpartition("/")[2])),),
    ),
    Row(
        type="AWS::SageMaker::EndpointConfig",
        service="sagemaker",
        name=Name("EndpointConfigName", _NAME_CHARACTERS),
        create=Call("CreateEndpointConfig"),
        physical_id=answered("EndpointConfigArn"),
        attributes={"EndpointConfigName": given("EndpointConfigName"), "Id": identity},
        update=None,
        delete=(Call("DeleteEndpointConfig", send(EndpointConfigName=lambda r: r.physical_id.rpartition("/")[2])),),
    ),
    # moto 5.2.5 has no UpdateEndpoint; its CreateEndpoint of a name that is there moves the endpoint over, at once.
    Row(
        type="AWS::SageMaker::Endpoint",
        service="sagemaker",
        name=Name("EndpointName", _NAME_CHARACTERS),
        create=Call("CreateEndpoint"),
        physical_id=answered("EndpointArn"),
        attributes={"EndpointName": given("EndpointName"), "Id": identity},
        update=Call("CreateEndpoint"),
        replaces=frozenset({"EndpointName"}),
        delete=(Call("DeleteEndpoint", send(EndpointName=given("EndpointName"))),),
    ),
)
