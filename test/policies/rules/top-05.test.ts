/**
 * Proves what TOP-05 says of the rows of the survival table of the good design with one thing of it changed. Does not prove the table itself,
 * which has its own tests, nor what TOP-05 says of what may serve unseen (top-05-unseen.test.ts).
 */
import { describe, expect, it } from "vitest";
import { top05 } from "../../../policies/rules/top-05-survival";
import {
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  withChange,
  withMore,
  type DraftGraph,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();

/** The load balancer with these pools alone, the first of them its fallback too. The other regions stand by without a name. */
function served(...regions: string[]): DraftGraph {
  const pools = regions.map((region) => ref(`${region}-pool`));
  const listed = withChange(good, "load-balancer", "defaultPools", pools);
  return withChange(listed, "load-balancer", "fallbackPool", ref(`${regions[0] ?? ""}-pool`));
}

describe("TOP-05", () => {
  it("tells the loss of what is all of the path, once for domains that take the same", () => {
    expect(toldBy(top05, served("us-west-2"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb stands in aws:us-west-2; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
        "violation load-balancer: without geography:oregon or aws:us-west-2, requests to api.example.com fail: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb stands in aws:us-west-2; fix: have the last thing of that chain a second time outside geography:oregon or aws:us-west-2, or let the path do without it",
      ]
    `);
  });

  it("tells a second region that needs something in the first", () => {
    const graph = withMore(
      good,
      resource("aws:rds/instance:Instance", "orders", {
        region: "us-east-2",
        engine: "postgres",
        identifier: "orders",
        multiAz: true,
      }),
    );
    const environment = [{ name: "DATABASE_HOST", value: ref("orders", "address") }];
    const reading = withChange(
      withChange(graph, "us-central1-service", "template.containers[0].envs", environment),
      "us-east4-service",
      "template.containers[0].envs",
      environment,
    );
    expect(toldBy(top05, reading)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-central1 -> us-central1-https -> us-central1-service -> orders stands in aws:us-east-2; pool exchange-us-east-2, pool exchange-us-west-2 and pool exchange-us-east4 are gone too; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
      ]
    `);
  });

  it("tells a path that is broken before anything fails", () => {
    expect(toldBy(top05, withChange(good, "load-balancer", "enabled", false))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: before anything fails, requests to api.example.com fail: api.example.com lacks a load balancer that is enabled; fix: complete the path: every door needs a pool or entry that leads to something that runs",
      ]
    `);
  });

  it("tells a pool whose health nothing watches", () => {
    expect(toldBy(top05, withChange(good, "us-east-2-pool", "monitor", undefined))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-east-2 still sends requests there, since no monitor takes it out; fix: set a monitor on exchange-us-east-2, so that the edge takes it out",
        "violation load-balancer: without geography:ohio or aws:us-east-2, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-east-2 still sends requests there, since no monitor takes it out; fix: set a monitor on exchange-us-east-2, so that the edge takes it out",
      ]
    `);
  });

  it("cannot tell when the place of one of two is not known", () => {
    const graph = withChange(served("us-east-2", "us-central1"), "us-east-2-service", "region", later);
    expect(toldBy(top05, graph)).toEqual([]);
    const oneCloud = withChange(served("us-east-2", "us-west-2"), "us-west-2-service", "region", later);
    expect(toldBy(top05, oneCloud)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-west-2 is gone too; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
        "undecided load-balancer: nobody can say whether all are served without geography:ohio or aws:us-east-2: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb -> us-west-2-service: whether us-west-2-service stands in aws:us-east-2 is not known, since region of us-west-2-service is known only after an update; write region as a plain value, or judge the stack's state after an update; fix: write down what is not known as a plain value or in the settings, or judge the stack's state after an update",
      ]
    `);
  });

  it("cannot tell when nobody knows where anything stands that serves", () => {
    const pool = (name: string, address: string) =>
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", name, { name, origins: [{ name, address }] });
    const balancer = resource("cloudflare:index/loadBalancer:LoadBalancer", "edge", {
      name: "api.example.com",
      defaultPools: [ref("one"), ref("two")],
      fallbackPool: ref("two"),
    });
    const graph = designFrom([pool("one", "one.example.org"), pool("two", "two.example.org"), balancer]);
    expect(toldBy(top05, graph)).toMatchInlineSnapshot(`
      [
        "undecided one: origins[0].address of one points to something outside this design, so nobody can say which outage stops what serves; fix: say in the settings where it stands, under design.origins",
      ]
    `);
  });

  it("leaves the edge's own row to EDG-14", () => {
    expect(toldBy(top05, good)).toEqual([]);
  });
});
