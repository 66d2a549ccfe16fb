#!/usr/bin/env bash
# Installs what `twodoor check` itself loads beside a checkout of twodoor, at the versions of the lock file: no provider's SDK, which are a
# hundred times its size. Does nothing where packages are installed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
[[ ! -e node_modules/tsx ]] || exit 0
wanted=$(node -p '["tsx", "@pulumi/pulumi"].map((name) => name + "@" + require("./package.json").devDependencies[name]).join(" ")')
read -ra packages <<< "$wanted"
npm install --no-save --save-prod --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error "${packages[@]}"
