# SPDX-License-Identifier: Apache-2.0
"""What the Open Cybersecurity Schema Framework says of the classes and objects that vigie uses.

Facts of version 1.7.0 (https://schema.ocsf.io/1.7.0, repository ocsf/ocsf-schema), read attribute by
attribute from the schema's own texts: names, types, requirements, ids and constraints. Attributes
that vigie never writes are left out, so an attribute that is not here is a fault.

A type is "string", "integer", "long", "timestamp" (milliseconds), "boolean", "ip", "port", "any" (an
object of the source's own), the name of an object below, or one of these in a list.
"""

VERSION = "1.7.0"

# Class -> its attributes: (type, required).
BASE = {
    "activity_id": ("integer", True), "activity_name": ("string", False),
    "category_uid": ("integer", True), "category_name": ("string", False),
    "class_uid": ("integer", True), "class_name": ("string", False),
    "type_uid": ("long", True),
    "severity_id": ("integer", True), "severity": ("string", False),
    "time": ("timestamp", True), "start_time": ("timestamp", False), "end_time": ("timestamp", False),
    "duration": ("long", False), "count": ("integer", False),
    "message": ("string", False), "metadata": ("metadata", True),
    "observables": (["observable"], False), "enrichments": (["enrichment"], False),
    "unmapped": ("any", False),
}
FINDING = BASE | {
    "finding_info": ("finding_info", True),
    "status_id": ("integer", False), "status": ("string", False),
    "is_alert": ("boolean", False), "confidence_id": ("integer", False),
    "risk_level_id": ("integer", False), "risk_score": ("integer", False),
}
CLASSES = {
    2004: FINDING | {"resources": (["resource_details"], False)},
    2006: FINDING | {
        "data_security": ("data_security", False), "resources": (["resource_details"], False),
        "src_endpoint": ("network_endpoint", False), "dst_endpoint": ("network_endpoint", False),
    },
    4001: BASE | {
        "app_name": ("string", False), "connection_info": ("network_connection_info", False),
        "src_endpoint": ("network_endpoint", False), "dst_endpoint": ("network_endpoint", False),
        "traffic": ("network_traffic", False), "cumulative_traffic": ("network_traffic", False),
        "tls": ("tls", False), "ja4_fingerprint_list": (["ja4_fingerprint"], False),
        "is_src_dst_assignment_known": ("boolean", False), "observation_point_id": ("integer", False),
    },
}
CATEGORIES = {2: "Findings", 4: "Network Activity"}
CLASS_NAMES = {2004: "Detection Finding", 2006: "Data Security Finding", 4001: "Network Activity"}

# Profile -> the attributes that it adds, wherever `metadata.profiles` names it.
PROFILES = {
    "security_control": {"action_id": ("integer", False), "disposition_id": ("integer", False)},
}

OBJECTS = {
    "metadata": {
        "version": ("string", True), "product": ("product", True), "profiles": (["string"], False),
        "uid": ("string", False), "correlation_uid": ("string", False), "sequence": ("integer", False),
        "log_name": ("string", False), "log_provider": ("string", False), "log_source": ("string", False),
        "event_code": ("string", False), "logged_time": ("timestamp", False), "labels": (["string"], False), "is_truncated": ("boolean", False),
    },
    "product": {"name": ("string", False), "vendor_name": ("string", False), "version": ("string", False)},
    "finding_info": {
        "uid": ("string", True), "title": ("string", False), "desc": ("string", False),
        "types": (["string"], False), "analytic": ("analytic", False), "attacks": (["attack"], False),
        "created_time": ("timestamp", False), "first_seen_time": ("timestamp", False),
        "last_seen_time": ("timestamp", False),
    },
    "analytic": {
        "type_id": ("integer", True), "uid": ("string", False), "name": ("string", False),
        "category": ("string", False), "version": ("string", False),
    },
    "attack": {"tactic": ("named", False), "technique": ("named", False), "sub_technique": ("named", False)},
    "named": {"uid": ("string", False), "name": ("string", False)},
    "data_security": {
        "category_id": ("integer", False), "category": ("string", False),
        "confidentiality_id": ("integer", False), "data_lifecycle_state_id": ("integer", False),
        "detection_system_id": ("integer", False), "detection_pattern": ("string", False),
        "policy": ("policy", False),
    },
    "policy": {"name": ("string", False), "uid": ("string", False), "version": ("string", False)},
    "resource_details": {
        "name": ("string", False), "uid": ("string", False), "type": ("string", False),
        "region": ("string", False), "hostname": ("string", False), "data": ("any", False),
    },
    "network_endpoint": {
        "ip": ("ip", False), "port": ("port", False), "uid": ("string", False), "name": ("string", False),
        "zone": ("string", False), "vlan_uid": ("string", False), "hostname": ("string", False),
        "svc_name": ("string", False), "network_scope_id": ("integer", False),
        "autonomous_system": ("autonomous_system", False), "location": ("location", False),
    },
    "autonomous_system": {"number": ("integer", False), "name": ("string", False)},
    "location": {"country": ("string", False)},
    "network_connection_info": {
        "direction_id": ("integer", True), "boundary_id": ("integer", False), "uid": ("string", False),
        "protocol_num": ("integer", False), "protocol_name": ("string", False),
        "protocol_ver_id": ("integer", False), "community_uid": ("string", False),
    },
    "network_traffic": {
        "bytes": ("long", False), "bytes_in": ("long", False), "bytes_out": ("long", False),
        "bytes_missed": ("long", False),
        "packets": ("long", False), "packets_in": ("long", False), "packets_out": ("long", False),
    },
    "tls": {"version": ("string", True), "sni": ("string", False)},
    "ja4_fingerprint": {"type_id": ("integer", True), "value": ("string", True)},
    "observable": {
        "name": ("string", False), "type_id": ("integer", True), "type": ("string", False),
        "value": ("string", False),
    },
    "enrichment": {
        "name": ("string", True), "value": ("string", True), "data": ("any", True),
        "type": ("string", False), "provider": ("string", False),
    },
}

# Object or class -> of these, at least one has to be there.
AT_LEAST_ONE = {
    "product": ["name", "uid"],
    "policy": ["name", "uid"],
    "analytic": ["name", "uid"],
    "named": ["name", "uid"],
    "resource_details": ["name", "uid"],
    "autonomous_system": ["number", "name"],
    "network_endpoint": ["ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid",
                         "interface_name", "domain"],
    4001: ["dst_endpoint", "src_endpoint"],
}
# `data_security` has two such lists: its own, and that of `data_classification`, which it extends.
DATA_SECURITY_AT_LEAST_ONE = [
    ["data_lifecycle_state_id", "detection_pattern", "detection_system_id", "policy"],
    ["category_id", "confidentiality_id"],
]

SEVERITIES = {0: "Unknown", 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical",
              6: "Fatal", 99: "Other"}
STATUSES = {0: "Unknown", 1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived",
            6: "Deleted", 99: "Other"}
OBSERVABLE_TYPES = {1: "Hostname", 2: "IP Address", 3: "MAC Address", 6: "URL String", 8: "Hash",
                    10: "Resource UID", 11: "Port", 12: "Subnet", 14: "Country", 20: "Endpoint",
                    30: "Fingerprint", 99: "Other"}

# (class or object, attribute) -> the ids that there are.
ENUMS = {
    (2004, "activity_id"): {0, 1, 2, 3, 99},
    (2006, "activity_id"): {0, 1, 2, 3, 4, 99},
    (4001, "activity_id"): {0, 1, 2, 3, 4, 5, 6, 7, 99},
    (None, "severity_id"): set(SEVERITIES),
    (None, "status_id"): set(STATUSES),
    (None, "confidence_id"): {0, 1, 2, 3, 99},
    (None, "risk_level_id"): {0, 1, 2, 3, 4, 99},
    (None, "action_id"): {0, 1, 2, 99},
    (None, "disposition_id"): set(range(28)) | {99},
    (None, "observation_point_id"): {0, 1, 2, 3, 4, 99},
    ("analytic", "type_id"): set(range(12)) | {99},
    ("data_security", "category_id"): set(range(7)) | {99},
    ("data_security", "confidentiality_id"): set(range(7)) | {99},
    ("data_security", "data_lifecycle_state_id"): {0, 1, 2, 3, 99},
    ("data_security", "detection_system_id"): set(range(13)) | {99},
    ("network_endpoint", "network_scope_id"): {0, 1, 2, 99},
    ("network_connection_info", "direction_id"): {0, 1, 2, 3, 4, 99},
    ("network_connection_info", "boundary_id"): set(range(12)) | {99},
    ("network_connection_info", "protocol_ver_id"): {0, 4, 6, 99},
    ("ja4_fingerprint", "type_id"): set(range(10)) | {99},
    ("observable", "type_id"): set(OBSERVABLE_TYPES),
}
