"""How a model is tuned, as the trainer is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningMethod:
    """
    A way to tune, with its hyperparameters.

    Attributes:
        name: `full` or `lora`.
        epochs: Passes over the data.
        learning_rate: Step size at its highest.
        seed: Seed, so that a run can be repeated.
        rank: Rank of the adapter matrices; None for `full`.
        alpha: Scale of the adapter; None for `full`.
        dropout: Share of adapter inputs that is dropped while training; None for `full`.
        tensor_parallel: Neuron cores that share one copy of the model; None without Neuron.

    Example:
        TuningMethod.lora(rank=32)
    """

    name: str
    epochs: float
    learning_rate: float
    seed: int = 7
    rank: int | None = None
    alpha: int | None = None
    dropout: float | None = None
    tensor_parallel: int | None = None

    @classmethod
    def lora(
        cls,
        *,
        rank: int = 16,
        alpha: int = 32,
        dropout: float = 0.05,
        epochs: float = 3,
        learning_rate: float = 2e-4,
        tensor_parallel: int | None = None,
    ) -> TuningMethod:
        """
        Train small matrices beside frozen weights: little memory, and little that can go wrong.

        Args:
            rank: Rank of the matrices; more can hold more.
            alpha: Scale of what they add; twice the rank is usual.
            dropout: Share of their inputs that is dropped while training.
            epochs: Passes over the data.
            learning_rate: Step size at its highest.
            tensor_parallel: Neuron cores that share one copy of the model. Default: not for Neuron.
        """
        return cls(
            name="lora",
            epochs=epochs,
            learning_rate=learning_rate,
            rank=rank,
            alpha=alpha,
            dropout=dropout,
            tensor_parallel=tensor_parallel,
        )

    @classmethod
    def full(
        cls, *, epochs: float = 2, learning_rate: float = 1e-5, tensor_parallel: int | None = None
    ) -> TuningMethod:
        """
        Train every weight: about 16 bytes of accelerator memory for each, and it can unlearn what it knew.

        Args:
            epochs: Passes over the data.
            learning_rate: Step size at its highest.
            tensor_parallel: Neuron cores that share one copy of the model. Default: not for Neuron.
        """
        return cls(name="full", epochs=epochs, learning_rate=learning_rate, tensor_parallel=tensor_parallel)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        checks = (
            (0 < self.epochs <= 100, f"epochs is {self.epochs:g}: choose more than 0, at most 100"),
            (0 < self.learning_rate < 1, f"learning_rate is {self.learning_rate:g}: choose between 0 and 1"),
            (self.rank is None or 1 <= self.rank <= 512, f"rank is {self.rank}: choose 1 to 512"),
            (self.alpha is None or self.alpha >= 1, f"alpha is {self.alpha}: at least 1"),
            (self.dropout is None or 0 <= self.dropout < 1, f"dropout is {self.dropout}: from 0 to below 1"),
            (
                self.tensor_parallel is None or self.tensor_parallel in (1, 2, 4, 8, 16, 32, 64),
                f"tensor_parallel is {self.tensor_parallel}: choose a power of two up to 64",
            ),
        )
        return tuple(fault for holds, fault in checks if not holds)

    @property
    def hyperparameters(self) -> dict[str, str]:
        """Names and values for the trainer; SageMaker takes text only."""
        values = {
            "method": self.name,
            "epochs": f"{self.epochs:g}",
            "learning_rate": f"{self.learning_rate:g}",
            "seed": str(self.seed),
            "lora_rank": self.rank,
            "lora_alpha": self.alpha,
            "lora_dropout": self.dropout,
            "tensor_parallel_size": self.tensor_parallel,
        }
        return {name: str(value) for name, value in values.items() if value is not None}
