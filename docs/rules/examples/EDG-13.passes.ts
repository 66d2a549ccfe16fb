import * as cloudflare from "@pulumi/cloudflare";
import { zoneId } from "./around";

new cloudflare.ZoneSetting("zone-ssl", { zoneId, settingId: "ssl", value: "strict" });
