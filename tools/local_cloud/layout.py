"""Where the local cloud finds its parts and keeps its records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tools.local_cloud.errors import SetupError

ACCOUNT = "000000000000"
REGION = "us-east-1"
# Any key is accepted while IAM is not enforced; with enforcement on, this pair is the account's root.
ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105 (the emulator's documented dummy, opens nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """
    The files around one checkout.

    Attributes:
        root: The checkout.
        home: Folder of one running cloud: its record, logs and temporary files.
    """

    root: Path
    home: Path

    @classmethod
    def of_checkout(cls, name: str = "default") -> Self:
        """The checkout that this file belongs to, with the cloud called *name*."""
        root = Path(__file__).resolve().parents[2]
        return cls(root=root, home=root / ".local" / "clouds" / name)

    @property
    def ministack_python(self) -> Path:
        """Interpreter of the environment that MiniStack is installed in."""
        return self.root / ".local" / "ministack" / "bin" / "python"

    @property
    def moto_python(self) -> Path:
        """Interpreter of the environment that moto is installed in."""
        return self.root / ".local" / "moto" / "bin" / "python"

    @property
    def tool_python(self) -> Path:
        """Interpreter of the project's own environment."""
        return self.root / ".venv" / "bin" / "python"

    @property
    def node(self) -> Path:
        """The Node that runs the CDK CLI and the emulated Node functions."""
        return self.root / ".venv" / "bin" / "node"

    @property
    def cdk(self) -> Path:
        """The CDK CLI's entry script."""
        return self.root / "tools" / "node" / "node_modules" / "aws-cdk" / "bin" / "cdk"

    @property
    def node_sdk(self) -> Path:
        """Packages that AWS's Node runtime brings along, for the CDK's own custom resources."""
        return self.root / ".local" / "node_sdk" / "node_modules"

    @property
    def record(self) -> Path:
        """The file that says which processes belong to the running cloud."""
        return self.home / "cloud.json"

    def require(self) -> None:
        """
        Check that everything is installed.

        Raises:
            SetupError: A part is missing; the message lists all of them.
        """
        parts = [self.ministack_python, self.moto_python, self.tool_python, self.node, self.cdk, self.node_sdk]
        missing = [str(part.relative_to(self.root)) for part in parts if not part.exists()]
        if missing:
            raise SetupError(f"not installed: {', '.join(missing)}; run `make setup-local`")
