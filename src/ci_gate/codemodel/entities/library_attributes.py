"""The attributes that libraries' base classes give to entities, as data."""

from __future__ import annotations

from typing import Final

from ci_gate.regex import regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What every class and every object has.
PYTHON: Final[frozenset[str]] = (
    frozenset(dir(object))
    | frozenset(dir(type))
    | _words(
        "__annotations__ __bool__ __copy__ __deepcopy__ __len__ __iter__ __contains__ __getitem__ "
        "__orig_bases__ __parameters__ __slots__ __weakref__ __class_getitem__ __setstate__"
    )
)

_DJANGO: Final = _words(
    "DoesNotExist MultipleObjectsReturned NotUpdated _base_manager _default_manager _meta _state "
    "_check_column_name_clashes _check_composite_pk _check_constraints _check_db_table_comment "
    "_check_default_pk _check_field_name_clashes _check_fields _check_id_field _check_indexes "
    "_check_local_fields _check_long_column_names _check_m2m_through_same_relationship "
    "_check_managers _check_model _check_model_name_db_lookup_clashes _check_ordering "
    "_check_property_name_related_field_accessor_clashes _check_single_primary_key "
    "_check_swappable _check_unique_together _do_insert _do_update _get_FIELD_display "
    "_get_expr_references _get_field_expression_map _get_next_or_previous_by_FIELD "
    "_get_next_or_previous_in_order _get_pk_val _get_unique_checks _is_pk_set _parse_save_params "
    "_perform_date_checks _perform_unique_checks _prefetched_objects_cache "
    "_prepare_related_fields_for_save _save_parents _save_table _set_pk_val "
    "_validate_force_insert add_to_class adelete arefresh_from_db asave check clean clean_fields "
    "date_error_message delete from_db full_clean get_constraints get_deferred_fields pk "
    "prepare_database_save refresh_from_db save save_base serializable_value "
    "unique_error_message validate_constraints validate_unique"
)
_BASE_USER: Final = _DJANGO | _words(
    "Meta REQUIRED_FIELDS USERNAME_FIELD _get_session_auth_hash _password acheck_password "
    "check_password get_email_field_name get_session_auth_fallback_hash get_session_auth_hash "
    "get_username has_usable_password is_active is_anonymous is_authenticated natural_key "
    "normalize_username set_password set_unusable_password backend"
)
_PERMISSIONS: Final = _DJANGO | _words(
    "Meta aget_all_permissions aget_group_permissions aget_user_permissions ahas_module_perms "
    "ahas_perm ahas_perms get_all_permissions get_group_permissions get_user_permissions "
    "has_module_perms has_perm has_perms _perm_cache _user_perm_cache _group_perm_cache"
)
_USER: Final = (
    _BASE_USER
    | _PERMISSIONS
    | _words(
        "EMAIL_FIELD email_user get_full_name get_short_name objects username_validator clean "
        "get_next_by_date_joined get_previous_by_date_joined"
    )
)
_TORTOISE: Final = _words(
    "Meta __await__ _await_when_save _check _check_together _choose_db _create_or_get "
    "_custom_generated_pk _db_queryset _describe_index _get_pk_val _getbypk _init_from_db "
    "_listeners _meta _partial _post_delete _post_save _pre_delete _pre_save _saved_in_db "
    "_set_async_default_field _set_kwargs _set_pk_val _validate_relation_type "
    "_wait_for_listeners all annotate bulk_create bulk_update clone construct create delete "
    "describe earliest exclude exists fetch_for_list fetch_related filter first get "
    "get_or_create get_or_none get_table in_bulk last latest pk raw refresh_from_db "
    "register_listener save select_for_update update_from_dict update_or_create"
)
_SQLALCHEMY: Final = _words(
    "__abstract__ __allow_unmapped__ __mapper__ __mapper_args__ __mapper_cls__ __table__ "
    "__table_args__ __table_cls__ __tablename__ _is_protocol _decl_class_registry "
    "_sa_class_manager _sa_instance_state _sa_registry metadata registry type_annotation_map"
)
_FLASK: Final = _SQLALCHEMY | _words("__bind_key__ __fsa__ query query_class")
_PYDANTIC: Final = _words(
    "Config __class_vars__ __config__ __fields__ __fields_set__ __get_pydantic_core_schema__ "
    "__get_pydantic_json_schema__ __pretty__ __private_attributes__ __pydantic_complete__ "
    "__pydantic_computed_fields__ __pydantic_core_schema__ __pydantic_custom_init__ "
    "__pydantic_decorators__ __pydantic_extra__ __pydantic_extra_info__ __pydantic_fields__ "
    "__pydantic_fields_set__ __pydantic_generic_metadata__ __pydantic_init_subclass__ "
    "__pydantic_parent_namespace__ __pydantic_post_init__ __pydantic_private__ "
    "__pydantic_root_model__ __pydantic_serializer__ __pydantic_validator__ __replace__ "
    "__repr_args__ __repr_name__ __repr_recursion__ __repr_str__ __rich_repr__ __signature__ "
    "_abc_impl _calculate_keys _copy_and_set_values _get_value _iter _setattr_handler construct "
    "copy dict from_orm json model_computed_fields model_config model_construct model_copy "
    "model_dump model_dump_json model_extra model_fields model_fields_set model_json_schema "
    "model_parametrized_name model_post_init model_rebuild model_validate model_validate_json "
    "model_validate_strings parse_file parse_obj parse_raw schema schema_json update_forward_refs "
    "validate"
)
_SQLMODEL: Final = (
    _SQLALCHEMY | _PYDANTIC | _words("__sqlmodel_relationships__ sqlmodel_update sqlmodel_validate")
)
_LOGIN: Final = _words("get_id is_active is_anonymous is_authenticated __hash__")
_CONTRIB: Final = {
    "auth.AbstractBaseUser": _BASE_USER,
    "auth.PermissionsMixin": _PERMISSIONS,
    "auth.AbstractUser": _USER,
    "auth.User": _USER,
    "auth.Group": _DJANGO | _words("natural_key objects permission_set user_set"),
    "auth.Permission": _DJANGO | _words("group_set natural_key objects user_set"),
    "contenttypes.ContentType": _DJANGO | _words(
        "app_labeled_name get_all_objects_for_this_type get_object_for_this_type logentry_set "
        "model_class name natural_key objects permission_set"
    ),
    "sessions.AbstractBaseSession": _DJANGO | _words("Meta get_decoded get_session_store_class"),
    "sessions.Session": _DJANGO | _words("Meta get_decoded get_session_store_class objects"),
    "sites.Site": _DJANGO | _words("flatpage_set natural_key objects redirect_set"),
    "flatpages.FlatPage": _DJANGO | _words("get_absolute_url objects"),
}  # fmt: skip

_BASES: Final = tuple(
    (regex(pattern), names)
    for pattern, names in (
        (r"^django\.(?:contrib\.gis\.)?db\.models\.(?:base\.)?Model$", _DJANGO),
        (r"^tortoise\.(?:models\.)?Model$", _TORTOISE),
        (r"^flask_sqlalchemy\w*\.SQLAlchemy\(\)\.Model$", _FLASK),
        (r"^sqlalchemy\.orm\.(?:decl_api\.)?DeclarativeBase(?:NoMeta)?$", _SQLALCHEMY),
        (r"^sqlalchemy\.(?:\w+\.)*declarative_base\(\)$", _SQLALCHEMY),
        (r"^sqlalchemy\.orm\.registry\(\)\.generate_base\(\)$", _SQLALCHEMY),
        (r"^sqlalchemy\.orm\.(?:decl_api\.)?MappedAsDataclass$", frozenset[str]()),
        (r"^sqlalchemy\.ext\.asyncio\.(?:session\.)?AsyncAttrs$", _words("awaitable_attrs")),
        (r"^sqlmodel\.(?:main\.)?SQLModel$", _SQLMODEL),
        (r"^pydantic\.(?:main\.)?BaseModel$", _PYDANTIC),
        (r"^flask_login\.(?:mixins\.)?UserMixin$", _LOGIN),
        (r"^(?:object|abc\.ABC|typing(?:_extensions)?\.(?:Generic|Protocol))$", frozenset[str]()),
    )
)
_CONTRIB_PATH: Final = regex(r"^django\.contrib\.(\w+)\.(?:\w+\.)*(\w+)$")


def library_attributes(path: str) -> frozenset[str] | None:
    """The attributes, beside columns and relations, of the library class at ``path``; None where
    they are not known."""
    for pattern, names in _BASES:
        if pattern.match(path):
            return names
    match = _CONTRIB_PATH.match(path)
    return _CONTRIB.get(f"{match[1]}.{match[2]}") if match is not None else None
