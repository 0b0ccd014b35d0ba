"""Who may sign in, and how: a password and a second factor, always."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.application.chat_values import TENANT_GROUP_PREFIX
from genai_layers.application.directory_checks import check, check_group, check_tenant
from genai_layers.application.machine_client import MachineClient
from genai_layers.application.regions import require_region
from genai_layers.application.sign_in_risk import respond_to_risk
from genai_layers.application.token_audience import ApiScope, TokenAudience
from genai_layers.foundation.nag import acknowledge

_INVITED = "Your account is ready"
_INVITATION = (
    "You can sign in as {username} with the password {####} within one day. "
    "You will be asked for a password of your own and for an authenticator app on your phone."
)


class UserDirectory(Construct):
    """
    A Cognito user pool that asks everyone for a password and a code from an authenticator app.

    A second factor cannot be turned on later: Cognito refuses to make it required once the pool stands. So it
    is required from the first deploy, and there is no prop for it. Codes come from an app (TOTP) only: text
    messages can be redirected, and e-mail is how a password is recovered, so it is no second factor as well.
    Users are invited by an administrator and cannot sign up. A forgotten password is reset by e-mail, after
    which the code is still asked for; a lost authenticator is a matter for an administrator.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new directory without its users.
        removal_policy: What happens to the users when the stack goes. Default: they are kept, and the pool
            refuses to be deleted.
        password_sign_in_reason: Why the app client may send the password itself to Cognito instead of proving
            that it knows it (SRP). Default: it may not.
        threat_protection_off_reason: Why sign-ins with leaked passwords or from suspicious places are let
            through. Default: they are blocked; this is what the Plus plan is paid for, 0.02 USD per user who
            signs in during a month and nothing for one who does not (price list, read 2026-11-25).
        passkey_domain: Domain of the page that people sign in on; lets them sign in with a passkey, which unlocks
            with a finger, a face or a PIN and so is two factors in one. An authenticator app stays enrolled for
            the day the device is lost. Default: none, passkeys are off.
        access_token_validity: Life of an access token, 5 minutes to a day. Default: 15 minutes; the API checks
            tokens without asking Cognito, so this is how long one works after its user was disabled.
        session_validity: Time after which a user signs in anew, with the second factor. Default: 12 hours.

    Attributes:
        user_pool: The user pool.
        client: The app client, for programs that can keep no secret.
        audience: Whose tokens an API takes, and what they allow.
        token_validity: Life of an access token.
        session_validity: Time after which a user signs in anew.

    Raises:
        UserDirectoryError: A reason says too little, or a validity is outside what Cognito allows.
        RegionError: The region has no user pools.

    Example:
        directory = UserDirectory(self, "Directory")
        api = Api(self, "Api", directory=directory, log_key=key.key)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        password_sign_in_reason: str | None = None,
        threat_protection_off_reason: str | None = None,
        passkey_domain: str | None = None,
        access_token_validity: Duration | None = None,
        session_validity: Duration | None = None,
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::Cognito::UserPool")
        token = Duration.minutes(15) if access_token_validity is None else access_token_validity
        session = Duration.hours(12) if session_validity is None else session_validity
        check(
            token,
            session,
            passkey_domain=passkey_domain,
            reasons=(password_sign_in_reason, threat_protection_off_reason),
        )
        self.token_validity = token
        self.session_validity = session
        is_protected = threat_protection_off_reason is None

        self.user_pool = cognito.UserPool(
            self,
            "Resource",
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            deletion_protection=removal_policy != RemovalPolicy.DESTROY,
            feature_plan=cognito.FeaturePlan.PLUS if is_protected else cognito.FeaturePlan.ESSENTIALS,
            # A changed address counts once it is verified: until then the password is recovered over the old one.
            keep_original=cognito.KeepOriginalAttrs(email=True),
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False, email=False),
            passkey_relying_party_id=passkey_domain,
            passkey_user_verification=None if passkey_domain is None else cognito.PasskeyUserVerification.REQUIRED,
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                password_history_size=12,
                temp_password_validity=Duration.days(1),
            ),
            removal_policy=removal_policy,
            self_sign_up_enabled=False,
            sign_in_policy=None
            if passkey_domain is None
            else cognito.SignInPolicy(
                allowed_first_auth_factors=cognito.AllowedFirstAuthFactors(password=True, passkey=True)
            ),
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            user_invitation=cognito.UserInvitationConfig(email_subject=_INVITED, email_body=_INVITATION),
            user_verification=cognito.UserVerificationConfig(
                email_subject="Your verification code", email_body="Your verification code is {####}."
            ),
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION
            if is_protected
            else None,
        )
        if passkey_domain is not None:
            # Alone it would count as one factor, and Cognito refuses one factor where two are required.
            self.cfn_user_pool.web_authn_factor_configuration = "MULTI_FACTOR_WITH_USER_VERIFICATION"
        if is_protected:
            respond_to_risk(self, self.user_pool)
        if threat_protection_off_reason is not None:
            self._note("threat-protection", threat_protection_off_reason)
            acknowledge(self.user_pool, "AwsSolutions-COG8", reason=threat_protection_off_reason)
        self.client = self.user_pool.add_client(
            "Client",
            access_token_validity=token,
            auth_flows=cognito.AuthFlow(
                user_srp=True,
                user=passkey_domain is not None,
                user_password=password_sign_in_reason is not None,
            ),
            auth_session_validity=Duration.minutes(5),
            disable_o_auth=True,
            enable_token_revocation=True,
            generate_secret=False,
            id_token_validity=token,
            prevent_user_existence_errors=True,
            read_attributes=cognito.ClientAttributes().with_standard_attributes(email=True, email_verified=True),
            refresh_token_validity=session,
            # A name may be changed by its user; an address is what an administrator invited.
            write_attributes=cognito.ClientAttributes().with_standard_attributes(fullname=True),
        )
        self.audience = TokenAudience(self, self.user_pool, self.client)
        if password_sign_in_reason is not None:
            self._note("secure-remote-password", password_sign_in_reason)

    def add_group(self, name: str, *, description: str, precedence: int | None = None) -> cognito.UserPoolGroup:
        """
        Define a group; its name is in the token of each of its users.

        Args:
            name: Name of the group, letters, digits and `_.-`.
            description: Who is in it.
            precedence: Rank among the groups of a user, 0 the highest. Default: none.

        Raises:
            UserDirectoryError: The name cannot be one.
        """
        check_group(name)
        return self.user_pool.add_group(name, group_name=name, description=description, precedence=precedence)

    def add_tenant(self, name: str) -> cognito.UserPoolGroup:
        """
        Define a tenant: a group whose users find the documents of their own tenant alone.

        A user belongs to one tenant; documents belong to the one that their metadata attribute `tenant` names.

        Args:
            name: Name of the tenant, letters, digits, `_` and `-`, at most 64.

        Raises:
            UserDirectoryError: The name cannot be one.
        """
        check_tenant(name)
        group = f"{TENANT_GROUP_PREFIX}{name}"
        return self.user_pool.add_group(f"Tenant-{name}", group_name=group, description=f"Users of the tenant {name}")

    def add_machine_client(
        self,
        id: str,
        *,
        key: kms.IKey,
        scopes: Sequence[ApiScope],
        tenant: str | None = None,
        tokens_per_day: int | None = None,
        token_validity: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> MachineClient:
        """
        Define a client for a program that asks without a person; see `MachineClient` for each argument.

        Args:
            id: Name within the directory.
            key: Key of its secret.
            scopes: What its tokens allow.
            tenant: Tenant whose documents it finds. Default: none.
            tokens_per_day: Model tokens of a day. Default: those of a user.
            token_validity: Life of a token. Default: an hour.
            removal_policy: What happens to its secret when the stack goes. Default: it is kept.
        """
        return MachineClient(
            self,
            id,
            directory=self,
            key=key,
            scopes=scopes,
            tenant=tenant,
            tokens_per_day=tokens_per_day,
            token_validity=token_validity,
            removal_policy=removal_policy,
        )

    def _note(self, name: str, reason: str) -> None:
        """Leave in the template what was turned off, and why."""
        self.cfn_user_pool.add_metadata(f"genai-layers:off:{name}", reason)

    @property
    def cfn_user_pool(self) -> cognito.CfnUserPool:
        """The user pool as CloudFormation knows it."""
        resource = self.user_pool.node.default_child
        assert isinstance(resource, cognito.CfnUserPool)  # noqa: S101 -- what an L2 user pool is made of
        return resource
