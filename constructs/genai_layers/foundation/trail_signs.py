"""Signs of misuse that are counted in the events of a trail."""

METRIC_NAMESPACE = "GenAiLayers/Audit"

# After the CIS AWS Foundations Benchmark, section "Monitoring".
SIGNS = {
    "AccessDenied": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "KeyDisabled": '{ ($.eventSource = "kms.amazonaws.com") && '
    '(($.eventName = "DisableKey") || ($.eventName = "ScheduleKeyDeletion")) }',
    "RootUse": '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && '
    '($.eventType != "AwsServiceEvent") }',
    "SignInWithoutMfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
    '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    "TrailChanged": '{ ($.eventName = "DeleteTrail") || ($.eventName = "StopLogging") || '
    '($.eventName = "UpdateTrail") || ($.eventName = "PutEventSelectors") }',
}
"""Metric name to filter pattern."""
