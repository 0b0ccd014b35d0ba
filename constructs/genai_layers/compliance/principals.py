"""The AWS services that a role may trust."""

import re

_SUFFIX = re.compile(r"\.amazonaws\.com(\.cn)?$")
_REGION = re.compile(r"\.[a-z]{2}(-[a-z]+)+-\d$")


def is_known(principal: str) -> bool:
    """
    Return whether *principal* is the principal of an AWS service, in its universal or its regional form.

    Args:
        principal: Such as `lambda.amazonaws.com` or `states.eu-west-1.amazonaws.com`.

    Example:
        >>> is_known("sagemaker.amazonaws.com"), is_known("sagemakers.amazonaws.com")
        (True, False)
    """
    service, suffixes = _SUFFIX.subn("", principal)
    return bool(suffixes) and (service in SERVICES or _REGION.sub("", service) in SERVICES)


_NAMES = """
    access-analyzer access-grants.s3 acm acm-pca aco-automation agent-registry agent.wellarchitected
    agentless.inspector2 aiops aiops.alarms.cloudwatch airflow airflow-serverless aoss
    apidestinations.events apigateway appconfig appfabric application-autoscaling
    application-insights application-signals.cloudwatch appmesh apprunner
    appstream.application-autoscaling appsync artifact assets.marketplace athena auditmanager
    autoscaling backup batch bcm-data-exports bedrock bedrock-agentcore billingconductor braket
    budgets bugbust cassandra-streams cassandra.application-autoscaling channels.lex channels.lexv2
    chatbot chime cleanrooms cleanrooms-ml cloud9 cloudformation cloudfront cloudhsm cloudtrail
    cloudwatch codebuild codecatalyst codecatalyst-runner codedeploy codeguru-profiler
    codeguru-reviewer codepipeline codestar-notifications cognito-identity cognito-identity-us-gov
    cognito-idp comprehend compute-optimizer config config-conforms connect
    continuousexport.discovery contract.iq contributorinsights.dynamodb cost-optimization-hub.bcm
    costalerts credentials.deadline credentials.iot databrew datapipeline datasync datazone dax
    deadline delivery.logs detective devops-guru directoryservice.rds directquery.opensearchservice
    dlm dms dmsintegration.migrationhub dnssec-route53 docdb-elastic ds dsql dynamodb
    dynamodb.application-autoscaling ec2 ec2.application-autoscaling ec2fastlaunch ec2fleet
    ec2scheduled ecr ecs ecs-compute ecs-tasks ecs.application-autoscaling edgelambda eks
    eks-fargate-pods elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing
    elasticmapreduce elastictranscoder email.cognito-idp emr-containers emr-serverless
    entityresolution es events events.workmail evidently export.rds fargate firehose fis fms
    forecast frauddetector fsx geo globalaccelerator glue grafana greengrass guardduty health
    healthlake imagebuilder inspector inspector2 internetmonitor iot iotevents
    iotmanagedintegrations iotsitewise job.sagemaker justintimeaccess.ssm kafka kendra kinesis
    kinesisanalytics kinesisreplication.dynamodb kinesisvideo kms lakeformation lambda
    lambda.alarms.cloudwatch lex lexv2 license-management.marketplace license-manager.member-account
    lightsail logdelivery.elasticloadbalancing logging.s3 logs lookoutequipment lookoutmetrics macie
    maintenance.elasticbeanstalk malware-protection-plan.guardduty malware-protection.guardduty
    managedblockchain managedupdates.elasticbeanstalk mediaconnect mediaconvert mediapackage
    mediastore mediatailor medical-imaging memorydb metrics.wellarchitected migrationhub
    migrationhub-orchestrator migrationhub-strategy monitoring.rds monitoring.thinclient monitron mq
    neptune-graph network-firewall network.bedrock-agentcore networkmanager notifications
    notifications.ssm observability.aoss odb omics opensearchservice opsworks organizations
    orgsdatasync.servicecatalog osis outposts panorama partnercentral-account-management
    permission.iq personalize pinpoint pipes pods.eks polly private-marketplace.marketplace profile
    proton q qldb quicksight ram rds rds.application-autoscaling rdsdata redshift redshift-data
    redshift-serverless refactor-spaces rekognition remediation.config replication.cassandra
    replication.dynamodb replication.ecr replication.lexv2 replication.s3tables
    reporting.trustedadvisor resale-authorization.marketplace researchstudio resource-explorer-2
    resource-groups resource-snapshot-job.partnercentral-selling restore-testing.backup robomaker
    rolesanywhere route53resolver rum runtime-identity.bedrock-agentcore
    runtime-instances.bedrock-agentcore s3 s3.data-source.lustre.fsx s3vectors sagemaker
    sagemaker-geospatial sagemaker.application-autoscaling scheduler scheduler.redshift
    schema-conversion.dms schemas scraper.aps secretsmanager security-ir securityagent securityhub
    securityhubv2 securitylake serverlessrepo servicecatalog servicecatalog-appregistry
    servicequotas ses shield signer sms smsintegration.migrationhub snowball sns spot spotfleet sqs
    ssm ssm-sap ssm.integrations sso states storagegateway sts supportplans sync.proton synthetics
    telemetry-pipelines.observabilityadmin textract thirdparty.config thirdparty.inspector2
    timestream-influxdb transcribe transfer transform-custom transitgateway translate
    triage.security-ir verifiedpermissions vmie vpc-flow-logs vpc-lattice waf waf-regional wafv2
    wellarchitected workspaces xray
"""

SERVICES = frozenset(_NAMES.split())
"""
Principals without `.amazonaws.com`.

Read 2026-11-25 from the AWS managed policies (`iam:PassedToService`, `iam:AWSServiceName`, as moto 5.2.5
ships them) and from what aws-cdk-lib 2.275.0 itself trusts, with services of the EC2, S3 and media families added.
"""
