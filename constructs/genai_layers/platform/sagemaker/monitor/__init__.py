"""Watching an endpoint for drift: of its data, its quality, its bias and its reasons."""

from genai_layers.platform.sagemaker.monitor.drift import Drift, GroundTruth, Problem
from genai_layers.platform.sagemaker.monitor.endpoint_monitor import EndpointMonitor
from genai_layers.platform.sagemaker.monitor.errors import MonitorError

__all__ = ["Drift", "EndpointMonitor", "GroundTruth", "MonitorError", "Problem"]
