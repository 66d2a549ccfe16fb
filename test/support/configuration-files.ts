/** Settings files of every form, and what a program gets of them: held against our reader by a unit test, and against the real CLI by another. */

/** A project, by file, and what its program is configured with. */
export interface ConfigurationCase {
  /** What it shows. */
  name: string;
  /** Texts by file. */
  files: Record<string, string>;
  /** Values by full key, as `PULUMI_CONFIG` holds them. */
  values: Record<string, string>;
}

const runtime = "runtime: { name: nodejs, options: { typescript: false } }\n";

/** The cases. Programs are `index.js`. */
export const configurationCases: ConfigurationCase[] = [
  {
    name: "scalars of the CLI's own YAML",
    files: {
      "Pulumi.yaml": `name: shop\n${runtime}`,
      "Pulumi.dev.yaml": `config:
  shop:count: 3
  shop:open: true
  shop:loud: True
  shop:yes: yes
  shop:code: 0042
  shop:code8: 0089
  shop:ratio: 1.50
  shop:big: 12345678901234567890
  shop:huge: 123456789012345678901
  shop:hex: 0x1F
  shop:octal: 0o17
  shop:binary: 0b11
  shop:grouped: 1_000
  shop:power: 1e3
  shop:large: 1.5e30
  shop:small: 0.0000001
  shop:nothing:
  shop:tilde: ~
  shop:date: 2001-01-02
  shop:time: 2001-01-02T03:04:05.60Z
  shop:local: 2001-01-02 03:04:05
  shop:zoned: 2001-01-02T03:04:05+05:30
  shop:sixty: 190:20:30
  shop:plus: +5
  shop:minus: -5
  shop:point: .5
  shop:pointed: 5.
  shop:address: 10.0.0.0
  shop:quoted: "0042"
  shop:single: '1.50'
  shop:lines: |
    a
    b
  shop:folded: >
    a
    b
  shop:tagged: !!str 12
  shop:empty: ""
  bare: 1
  "shop:key": on
  aws:region: us-east-2
  old:config:key: 2
  shop:a.b[0]: literal
`,
    },
    values: {
      "shop:count": "3",
      "shop:open": "true",
      "shop:loud": "true",
      "shop:yes": "yes",
      "shop:code": "34",
      "shop:code8": "89",
      "shop:ratio": "1.5",
      "shop:big": "12345678901234567890",
      "shop:huge": "123456789012345680000",
      "shop:hex": "31",
      "shop:octal": "15",
      "shop:binary": "3",
      "shop:grouped": "1000",
      "shop:power": "1000",
      "shop:large": "1.5e+30",
      "shop:small": "1e-7",
      "shop:nothing": "",
      "shop:tilde": "",
      "shop:date": "2001-01-02 00:00:00 +0000 UTC",
      "shop:time": "2001-01-02 03:04:05.6 +0000 UTC",
      "shop:local": "2001-01-02 03:04:05 +0000 UTC",
      "shop:zoned": "2001-01-02 03:04:05 +0530 +0530",
      "shop:sixty": "190:20:30",
      "shop:plus": "5",
      "shop:minus": "-5",
      "shop:point": "0.5",
      "shop:pointed": "5",
      "shop:address": "10.0.0.0",
      "shop:quoted": "0042",
      "shop:single": "1.50",
      "shop:lines": "a\nb\n",
      "shop:folded": "a b\n",
      "shop:tagged": "12",
      "shop:empty": "",
      "shop:bare": "1",
      "shop:key": "on",
      "aws:region": "us-east-2",
      "old:key": "2",
      "shop:a.b[0]": "literal",
    },
  },
  {
    name: "objects and lists, defaults and values of the project",
    files: {
      "Pulumi.yaml": `name: shop
description: all that decides nothing
author: somebody
website: https://example.com
license: MIT
${runtime}backend: { url: "file://~" }
options: { refresh: always }
template: { description: a template, config: { shop:count: { default: "1" } } }
plugins: { providers: [] }
config:
  owner: { type: string, default: platform }
  size: { type: integer, default: 2 }
  open: { type: boolean, default: true }
  zones: { type: array, items: { type: string }, default: [a, b] }
  grid: { type: array, items: { type: array, items: { type: integer } } }
  plain: text
  list: [1, a, true, null]
  table: { value: { a: 1, b: [x, 1.50] } }
  deep.path[0]: thing
  deeper.path[0]: other
  aws:region: { value: us-west-2 }
  aws:defaultTags: { value: { tags: { a: b } } }
  gcp:flag: true
  pulumi:tags: { value: { team: shop } }
`,
      "Pulumi.dev.yaml": `base: &base { a: 1, c: 0x10 }
config:
  shop:size: "4"
  shop:grid: [[1], [2, 3]]
  shop:deeper: { path: [mine], z: 1 }
  shop:table: { c: '<b>&"' }
  shop:same: *base
  shop:merged: { <<: *base, d: 2 }
  shop:regions: [us-east-2, 4, true, null, 1.50, 0x1F, 2001-01-02, "5"]
  shop:nested: { z: { b: 1 }, a: 0042, 1: x }
  shop:floats: { f: 1.0, g: 100000000000000000000000 }
  shop:none: {}
  shop:record: { name: r, type: A, default: 1, value: 2, description: none, secret: true }
  shop:nobody: []
  aws:assumeRole: { roleArn: "arn:aws:iam::123456789012:role/x" }
  pulumi:disable-default-providers: ["*"]
  pulumi:autonaming: { mode: verbatim }
`,
    },
    values: {
      "shop:owner": "platform",
      "shop:size": "4",
      "shop:open": "true",
      "shop:zones": '["a","b"]',
      "shop:grid": "[[1],[2,3]]",
      "shop:plain": "text",
      "shop:list": '[1,"a",true,null]',
      "shop:table": '{"c":"\\u003cb\\u003e\\u0026\\""}',
      "shop:deep": '{"path":["thing"]}',
      "shop:deeper": '{"path":["mine"],"z":1}',
      "shop:same": '{"a":1,"c":16}',
      "shop:merged": '{"a":1,"c":16,"d":2}',
      "shop:regions": '["us-east-2",4,true,null,1.5,31,"2001-01-02 00:00:00 +0000 UTC","5"]',
      "shop:nested": '{"1":"x","a":34,"z":{"b":1}}',
      "shop:floats": '{"f":1,"g":1e+23}',
      "shop:none": "{}",
      "shop:record": '{"default":1,"description":"none","name":"r","secret":true,"type":"A","value":2}',
      "shop:nobody": "[]",
      "aws:region": "us-west-2",
      "aws:defaultTags": '{"tags":{"a":"b"}}',
      "aws:assumeRole": '{"roleArn":"arn:aws:iam::123456789012:role/x"}',
      "gcp:flag": "true",
      "pulumi:tags": '{"team":"shop"}',
      "pulumi:disable-default-providers": '["*"]',
      "pulumi:autonaming": '{"mode":"verbatim"}',
    },
  },
  {
    name: "a project in JSON, whose stacks are in JSON too",
    files: {
      "Pulumi.json": `\uFEFF{"name":"shop","runtime":{"name":"nodejs","options":{"typescript":false}},"config":{"a":{"type":"string","default":"x"}}}`,
      "Pulumi.dev.json": `{"config":{"b":1.50,"shop:c":{"x":1}}}`,
      "Pulumi.dev.yaml": "config: { shop:a: of another file }\n",
      "Pulumi.yaml": "name: another\nruntime: python\n",
    },
    values: { "shop:a": "x", "shop:b": "1.5", "shop:c": '{"x":1}' },
  },
  {
    name: "a project that ends in yml and keeps its stacks elsewhere, in the old way",
    files: {
      "Pulumi.yml": `name: shop\n${runtime}config: stacks\n`,
      "stacks/Pulumi.dev.yml": "config: { from: the directory }\n",
      "stacks/Pulumi.dev.yaml": "config: { from: another ending }\n",
      "Pulumi.dev.yml": "config: { from: the root }\n",
    },
    values: { "shop:from": "the directory" },
  },
];
