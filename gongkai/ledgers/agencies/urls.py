"""Addresses of this ledger, on the desk and on the portal."""

from django.urls import URLPattern, path

from gongkai.ledgers.agencies.desk import agencies, office_settings, sign_in, staff

desk_urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.password, name="password"),
    path("agencies/", agencies.tree, name="agencies"),
    path("agencies/new/", agencies.new, name="agency_new"),
    path("agencies/<int:pk>/", agencies.agency, name="agency"),
    path("agencies/<int:pk>/change/", agencies.change, name="agency_change"),
    path("agencies/<int:pk>/end/", agencies.end, name="agency_end"),
    path("agencies/<int:pk>/merge/", agencies.merge, name="agency_merge"),
    path("agencies/<int:pk>/split/", agencies.split, name="agency_split"),
    path("agencies/staff/", staff.staff_list, name="staff_list"),
    path("agencies/staff/new/", staff.new, name="staff_new"),
    path("agencies/staff/<int:pk>/", staff.staff, name="staff"),
    path("agencies/staff/<int:pk>/rename/", staff.rename, name="staff_rename"),
    path("agencies/staff/<int:pk>/posts/new/", staff.post_new, name="staff_post"),
    path("agencies/staff/<int:pk>/posts/<int:post>/end/", staff.post_end, name="staff_post_end"),
    path("agencies/staff/<int:pk>/deputise/", staff.deputise, name="staff_deputise"),
    path("agencies/staff/<int:pk>/move/", staff.move, name="staff_move"),
    path("agencies/staff/<int:pk>/close/", staff.close, name="staff_close"),
    path("agencies/staff/<int:pk>/reopen/", staff.reopen, name="staff_reopen"),
    path("agencies/staff/<int:pk>/reset/", staff.reset, name="staff_reset"),
    path("agencies/staff/<int:pk>/unlock/", staff.unlock, name="staff_unlock"),
    path("agencies/staff/<int:pk>/hand-over/", staff.hand_over, name="staff_hand_over"),
    path("agencies/staff/<int:pk>/open-work/", staff.open_items, name="staff_open_work"),
    path("settings/", office_settings.settings_page, name="settings"),
    path("settings/<str:key>/", office_settings.setting, name="setting"),
    path("settings/<str:key>/change/", office_settings.change, name="setting_change"),
]
portal_urlpatterns: list[URLPattern] = []
