"""Models under the serving engines of AWS's deep learning containers."""

from collections.abc import Mapping

from genai_layers.catalog import images
from genai_layers.catalog.accelerators import Vendor
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting_image import HostingImage

DIRECTORY = "/opt/ml/model"
"""Where a container finds the files of its model."""

# Nothing is looked for on a model hub, and nobody is told what is served.
_QUIET = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}


def vllm(
    name: str,
    artifacts: Artifacts,
    *,
    max_model_len: int = 8192,
    accelerators: int = 1,
    image: HostingImage | None = None,
    arguments: Mapping[str, str] | None = None,
) -> HostedModel:
    """
    Return a model under vLLM on NVIDIA GPUs.

    Args:
        name: What it is called in messages.
        artifacts: Its files.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        accelerators: Devices that one copy is spread over. Default: 1.
        image: Its container. Default: the newest vLLM for SageMaker of the catalog.
        arguments: More of the server's own arguments, without dashes. Default: none.

    Example:
        engines.vllm("llama", Artifacts.folder(weights, "llama-3.1-8b"), max_model_len=16384)
    """
    chosen = image or HostingImage.aws(images.vllm("sagemaker"))
    return _vllm(name, artifacts, max_model_len, accelerators, chosen, arguments)


def neuron(
    name: str,
    artifacts: Artifacts,
    *,
    max_model_len: int = 8192,
    accelerators: int = 1,
    image: HostingImage | None = None,
    arguments: Mapping[str, str] | None = None,
) -> HostedModel:
    """
    Return a model under vLLM on Inferentia2 or Trainium.

    Args:
        name: What it is called in messages.
        artifacts: Its files, compiled for Neuron where the image cannot do it.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        accelerators: Devices that one copy is spread over. Default: 1.
        image: Its container. Default: the newest vLLM for Neuron of the catalog.
        arguments: More of the server's own arguments, without dashes. Default: none.
    """
    chosen = image or HostingImage.aws(images.vllm("sagemaker", vendor=Vendor.NEURON))
    return _vllm(name, artifacts, max_model_len, accelerators, chosen, arguments)


def sglang(
    name: str,
    artifacts: Artifacts,
    *,
    max_model_len: int = 8192,
    accelerators: int = 1,
    image: HostingImage | None = None,
    arguments: Mapping[str, str] | None = None,
) -> HostedModel:
    """
    Return a model under SGLang on NVIDIA GPUs.

    Args:
        name: What it is called in messages.
        artifacts: Its files.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        accelerators: Devices that one copy is spread over. Default: 1.
        image: Its container. Default: the newest SGLang for SageMaker of the catalog.
        arguments: More of the server's own arguments, without dashes. Default: none.
    """
    return HostedModel(
        name=name,
        image=image or HostingImage.aws(images.find("SGLang", platform="sagemaker")),
        artifacts=artifacts,
        environment={
            "SM_SGLANG_MODEL_PATH": DIRECTORY,
            "SM_SGLANG_CONTEXT_LENGTH": str(max_model_len),
            "SM_SGLANG_TP": str(accelerators),
            **_QUIET,
            **_variables("SM_SGLANG_", arguments),
        },
        accelerators=accelerators,
    )


def lmi(
    name: str,
    artifacts: Artifacts,
    *,
    max_model_len: int = 8192,
    accelerators: int = 1,
    max_adapters: int = 0,
    max_adapter_rank: int = 64,
    image: HostingImage | None = None,
    options: Mapping[str, str] | None = None,
) -> HostedModel:
    """
    Return a model under the large model inference container (DJL), which loads LoRA adapters on demand.

    Args:
        name: What it is called in messages.
        artifacts: Its files.
        max_model_len: Longest request, prompt and answer together, tokens. Default: 8192.
        accelerators: Devices that one copy is spread over. Default: 1.
        max_adapters: Adapters in the memory of the accelerator at once. Default: 0, it takes none.
        max_adapter_rank: Largest rank of an adapter. Default: 64.
        image: Its container. Default: the newest LMI of the catalog.
        options: More options of the container, without `OPTION_`. Default: none.
    """
    environment = {
        "HF_MODEL_ID": DIRECTORY,
        "OPTION_MAX_MODEL_LEN": str(max_model_len),
        "OPTION_TENSOR_PARALLEL_DEGREE": str(accelerators),
        **_QUIET,
    }
    if max_adapters:
        environment |= {
            "OPTION_ENABLE_LORA": "true",
            "OPTION_MAX_LORAS": str(max_adapters),
            "OPTION_MAX_LORA_RANK": str(max_adapter_rank),
        }
    return HostedModel(
        name=name,
        image=image or HostingImage.aws(images.find("DJLServing", platform="sagemaker")),
        artifacts=artifacts,
        environment=environment | _variables("OPTION_", options),
        accelerators=accelerators,
        takes_adapters=max_adapters > 0,
    )


def embeddings(
    name: str, artifacts: Artifacts, *, image: HostingImage | None = None, on_cpu: bool = False
) -> HostedModel:
    """
    Return a model that embeds or ranks text, under Text Embeddings Inference.

    Args:
        name: What it is called in messages.
        artifacts: Its files.
        image: Its container. Default: the newest of the catalog for the accelerator.
        on_cpu: Runs without an accelerator. Default: on NVIDIA GPUs.
    """
    vendor = None if on_cpu else Vendor.NVIDIA
    return HostedModel(
        name=name,
        image=image or HostingImage.aws(images.find("TEI", platform="sagemaker", vendor=vendor)),
        artifacts=artifacts,
        environment={"HF_MODEL_ID": DIRECTORY, "HF_HUB_OFFLINE": "1"},
    )


def _vllm(
    name: str,
    artifacts: Artifacts,
    max_model_len: int,
    accelerators: int,
    image: HostingImage,
    arguments: Mapping[str, str] | None,
) -> HostedModel:
    return HostedModel(
        name=name,
        image=image,
        artifacts=artifacts,
        environment={
            "SM_VLLM_MODEL": DIRECTORY,
            "SM_VLLM_MAX_MODEL_LEN": str(max_model_len),
            "SM_VLLM_TENSOR_PARALLEL_SIZE": str(accelerators),
            # Log probabilities are what model extraction feeds on; a caller has no use for them.
            "SM_VLLM_MAX_LOGPROBS": "0",
            **_QUIET,
            **_variables("SM_VLLM_", arguments),
        },
        accelerators=accelerators,
    )


def _variables(prefix: str, arguments: Mapping[str, str] | None) -> dict[str, str]:
    return {f"{prefix}{name.upper().replace('-', '_')}": value for name, value in (arguments or {}).items()}
