"""The tree of agencies with dates, and the people in it (design 4a)."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from gongkai.base.ledger import LedgerRow
from gongkai.base.permissions import ROLES


class Agency(LedgerRow):
    """An administrative organ (行政机关). What changes over time (name, parent, kind) is in its terms."""

    slug = models.SlugField("代号", max_length=40, unique=True, help_text="网址和命令里用，定了不再改")
    code = models.CharField("机构编码", max_length=20, unique=True, help_text="索引号和申请编号的前缀")
    document_prefix = models.CharField("机关代字", max_length=20, blank=True)

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.slug


class AgencyTerm(LedgerRow):
    """What an agency was from a day to a day: name, parent, kind, whether it reports for itself."""

    KINDS = (
        ("government", "人民政府"),
        ("department", "工作部门"),
        ("dispatched", "派出机构"),
        ("town", "乡镇、街道"),
        ("institution", "授权组织"),
        ("internal_office", "内设机构"),
    )

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="terms", verbose_name="单位")
    parent = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级单位")
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类别", max_length=20, choices=KINDS)
    reports_for_itself = models.BooleanField("单独编制年报", default=True)
    works_outside = models.BooleanField("不在本系统办理", default=False, help_text="是：年底上传统计表")
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True, help_text="最后一天；空着表示现行")
    successor = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承接单位"
    )

    class Meta:
        verbose_name = "单位沿革"
        ordering = ("valid_from",)
        constraints = (
            models.CheckConstraint(
                name="agency_term_date_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(fields=("agency", "valid_from"), name="agency_term_starts_once"),
            models.UniqueConstraint(fields=("agency",), condition=Q(valid_to=None), name="agency_one_open_term"),
            models.CheckConstraint(
                name="agency_successor_only_at_an_end", condition=Q(successor=None) | Q(valid_to__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by the name they sign in with; names are kept in small letters, however they are typed."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """The account of a typed name; Django's sign-in asks here."""
        return self.get(username=(username or "").strip().lower())


class Staff(AbstractBaseUser, LedgerRow):
    """A member of staff who signs in. Roles are posts at agencies, with dates."""

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="staff", verbose_name="所在单位")
    must_change_password = models.BooleanField("须改密码", default=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    last_login = None  # the journal holds every sign-in
    journal_seen: str = ""
    """The head of the journal when the roles were read; empty before."""

    objects: ClassVar[StaffManager] = StaffManager()
    journal_excludes: ClassVar[frozenset[str]] = frozenset({"password"})

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "人员"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """An account that is closed signs in no more."""
        return self.closed_on is None

    @cached_property
    def _roles(self) -> "dict[int, frozenset[str]]":
        from gongkai.ledgers.agencies.tree import roles_over_the_tree

        return roles_over_the_tree(self)

    def roles_at(self, agency_id: int) -> frozenset[str]:
        """Roles held today at the agency or above it. Read once per loaded user."""
        return self._roles.get(agency_id, frozenset())

    def agencies_where(self, roles: frozenset[str]) -> frozenset[int]:
        """Agencies at which one of the roles is held, there or above."""
        return frozenset(pk for pk, held in self._roles.items() if held & roles)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by day."""

    def in_force(self, day: date) -> Self:
        """Posts held on a day; a revoked one counts no more from the moment it was revoked, also for days before."""
        return self.filter(valid_from__lte=day, revoked_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=day))

    def not_over(self, day: date) -> Self:
        """Posts in force on the day or later."""
        return self.filter(revoked_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=day))


class Post(LedgerRow):
    """A role of a member of staff at an agency, from a day to a day; a deputy's post names whom it stands in for."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="posts", verbose_name="人员")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts", verbose_name="单位")
    role = models.CharField("角色", max_length=20, choices=tuple(ROLES.items()))
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)
    deputy_for = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代理谁"
    )
    revoked_at = models.DateTimeField("撤回时间", null=True, blank=True, help_text="从这一刻起不再有效")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        ordering = ("valid_from",)
        constraints = (
            models.CheckConstraint(
                name="post_date_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                fields=("staff", "agency", "role"),
                condition=Q(valid_to=None, revoked_at=None),
                name="post_open_once",
            ),
        )

    def __str__(self) -> str:
        return self.get_role_display()


class OfficeSettingValue(LedgerRow):
    """A dated value of an office setting (`base.office_settings`); resolved agency, then parents, then default."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="settings", verbose_name="单位")
    key = models.CharField("设置", max_length=80)
    value = models.JSONField("值")
    valid_from = models.DateField("起始日")

    class Meta:
        verbose_name = "设置"
        constraints = (
            models.UniqueConstraint(fields=("agency", "key", "valid_from"), name="office_setting_once_a_day"),
        )

    def __str__(self) -> str:
        return self.key
