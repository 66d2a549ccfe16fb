import * as cloudflare from "@pulumi/cloudflare";
import { accountId, iowa, ohio, oregon, virginia } from "./around";

new cloudflare.NotificationPolicy("pool-alerts", {
  accountId,
  name: "A pool changed its health",
  alertType: "load_balancing_health_alert",
  enabled: false,
  filters: {
    poolIds: [ohio.pool.id, oregon.pool.id, iowa.pool.id, virginia.pool.id],
    newHealths: ["Unhealthy", "Healthy"],
    eventSources: ["pool"],
  },
  mechanisms: { emails: [{ id: "oncall@example.com" }] },
});
