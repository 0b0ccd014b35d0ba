"""The web page of the demo: what CloudFront does in an account, done by a small server on the loopback interface."""

from tools.demo.page.invited import Invited, invite
from tools.demo.page.started import PageServer, start

__all__ = ["Invited", "PageServer", "invite", "start"]
