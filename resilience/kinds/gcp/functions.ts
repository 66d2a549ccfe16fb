import { known, mapFact, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Dependency, Kind, Part, Place, Surroundings } from "../../model";
import { number } from "../../reader";
import { keyAt, secretAt, storesAt } from "./dependencies";
import { isCallableByAll, type Grant } from "./invokers";
import { placeBy, regionalPlace } from "./locations";
import { elements } from "./paths";
import { entriesOf, serverlessRollout } from "./run";
import { textsOfMap } from "./texts";

/** Type tokens of functions, first and second generation. */
export const FUNCTION_V1 = "gcp:cloudfunctions/function:Function";
export const FUNCTION_V2 = "gcp:cloudfunctionsv2/function:Function";

/** Cloud Run functions, which were Cloud Functions. */
export const functionKinds: readonly Kind[] = [
  {
    types: [FUNCTION_V1],
    parts: (resource, around) => functionOf(resource, regionalPlace(resource, around), FIRST, around),
  },
  {
    types: [FUNCTION_V2],
    parts: (resource, around) => functionOf(resource, placeBy(resource, "location", around), SECOND, around),
  },
];

/** Where a generation writes down what. */
interface Form {
  /** Path before the settings of what runs. */
  prefix: string;
  minimum: string;
  maximum: string;
  variables: string;
  grants: readonly Grant[];
}

const FIRST: Form = {
  prefix: "",
  minimum: "minInstances",
  maximum: "maxInstances",
  variables: "environmentVariables",
  grants: [
    ["gcp:cloudfunctions/functionIamMember:FunctionIamMember", "cloudFunction"],
    ["gcp:cloudfunctions/functionIamBinding:FunctionIamBinding", "cloudFunction"],
    ["gcp:cloudfunctions/functionIamPolicy:FunctionIamPolicy", "cloudFunction"],
  ],
};

/** A function of the second generation is a service of Cloud Run, and the right to call it is granted on that service too. */
const SECOND: Form = {
  prefix: "serviceConfig.",
  minimum: "minInstanceCount",
  maximum: "maxInstanceCount",
  variables: "environmentVariables",
  grants: [
    ["gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember", "cloudFunction"],
    ["gcp:cloudfunctionsv2/functionIamBinding:FunctionIamBinding", "cloudFunction"],
    ["gcp:cloudfunctionsv2/functionIamPolicy:FunctionIamPolicy", "cloudFunction"],
    ["gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "name"],
    ["gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding", "name"],
    ["gcp:cloudrun/iamMember:IamMember", "service"],
    ["gcp:cloudrun/iamBinding:IamBinding", "service"],
  ],
};

function functionOf(resource: Resource, place: Place, form: Form, around: Surroundings): Part[] {
  const { prefix } = form;
  const stores = storesAt(resource, [prefix === "" ? form.variables : "serviceConfig"], around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: stores.needs,
    unit: "instance",
    minimum: withDefault(number(resource, `${prefix}${form.minimum}`), 0),
    // 0 is how the API writes that the default of its quota holds.
    maximum: mapFact(number(resource, `${prefix}${form.maximum}`), (most) => (most === 0 ? undefined : most)),
    dependencies: [
      ...builtImage(resource, place),
      ...["secretEnvironmentVariables", "secretVolumes"]
        .flatMap((kind) => elements(resource, `${prefix}${kind}`))
        .flatMap((element) => secretAt(resource, `${element}.secret`, around)),
      ...keyAt(resource, "kmsKeyName", around),
      ...stores.dependencies,
    ],
    rollout: serverlessRollout,
    texts: textsOfMap(resource, `${prefix}${form.variables}`),
  };
  return [compute, ...entriesOf(resource, place, [compute], isCallableByAll(resource, form.grants, around))];
}

/** Google builds a function's image into a repository of the function's own region (docs.cloud.google.com/functions/docs/building). */
function builtImage(resource: Resource, place: Place): Dependency[] {
  return [
    {
      kind: "image",
      urn: resource.urn,
      property: resource.type === FUNCTION_V2 ? "buildConfig" : "dockerRepository",
      parts: [],
      cloud: known("gcp"),
      regions: mapFact(place.region, (region) => [region]),
    },
  ];
}
