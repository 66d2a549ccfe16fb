import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "./config";
import { buildFoundation } from "./foundation";
import { stackOutputs } from "./outputs";
import { buildProviders } from "./providers";
import { buildService } from "./service";

const settings = parseSettings(pulumi.getStack(), pulumi.runtime.allConfig());
const providers = buildProviders(settings);
const foundation = buildFoundation(settings, providers);
const service = settings.stage === "foundation" ? undefined : buildService(settings, foundation, providers);

if (service !== undefined && settings.journal.kind === "sandbox") {
  void pulumi.log.warn(
    "Each region keeps a sandbox book of its own: orders are lost with the replica, and regions know nothing of each other. Name a journal before real orders come.",
    service,
  );
}

module.exports = stackOutputs(foundation, service);
