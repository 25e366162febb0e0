"""What is deployed with is what its own tools take: nginx's file, Kubernetes' manifests, the compose file."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.core.config import Settings
from tests.machine import program
from tests.nginx import Nginx

ROOT = Path(__file__).parents[1]
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8"))
)
COMPOSE = ROOT / "compose.yaml"
_NEWEST = "1.37"
_OLDEST = "1.29"  # what large providers still support
_READ_BY_LIBRARIES = ("AWS_", "OTEL_")


def named(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [manifest for manifest in MANIFESTS if manifest["kind"] == kind]


def unknown(names: set[str]) -> set[str]:
    known = {name.upper() for name in Settings.model_fields}
    return {name for name in names - known if not name.startswith(_READ_BY_LIBRARIES)}


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    configured = Nginx(tmp_path, [1, 2]).configured()
    command = [program("nginx"), "-t", "-p", str(tmp_path), "-c", str(configured)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.parametrize("version", [_OLDEST, _NEWEST])
@pytest.mark.parametrize("manifest", MANIFESTS, ids=named)
def test_a_manifest_holds_to_the_schema(manifest: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_what_manifests_name_is_there() -> None:
    templates = [manifest["spec"]["template"] for manifest in of_kind("Deployment")]
    labels = [template["metadata"]["labels"] for template in templates]
    for manifest in (*of_kind("Deployment"), *of_kind("Service"), *of_kind("PodDisruptionBudget")):
        selector = manifest["spec"]["selector"]
        wanted = selector.get("matchLabels", selector)
        assert sum(wanted.items() <= found.items() for found in labels) == 1, named(manifest)
    deployments = {manifest["metadata"]["name"] for manifest in of_kind("Deployment")}
    assert {item["spec"]["scaleTargetRef"]["name"] for item in of_kind("HorizontalPodAutoscaler")} == deployments
    claims = {manifest["metadata"]["name"] for manifest in of_kind("PersistentVolumeClaim")}
    for template in templates:
        spec = template["spec"]
        assert {volume["persistentVolumeClaim"]["claimName"] for volume in spec["volumes"]} <= claims
        volumes = {volume["name"] for volume in spec["volumes"]}
        for container in spec["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
            assert unknown({variable["name"] for variable in container.get("env", ())}) == set()
    [ports] = [manifest["spec"]["ports"] for manifest in of_kind("Service")]
    served = {
        port["name"] for template in templates for c in template["spec"]["containers"] for port in c.get("ports", ())
    }
    assert {port["targetPort"] for port in ports} <= served
    for manifest in of_kind("ConfigMap"):
        assert unknown(set(manifest["data"])) == set()


def test_compose_holds_to_its_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_compose_names_is_there() -> None:
    compose = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= services.keys(), name
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {volume for volume in volumes if not volume.startswith("./")} <= compose["volumes"].keys(), name
    for name in ("api", "worker"):
        assert unknown(set(services[name]["environment"])) == set()
        assert services[name]["deploy"]["replicas"] == 2
