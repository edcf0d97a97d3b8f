import type { Route } from "../route.ts";
import { idParameter, keyWith } from "./parameters.ts";

const tag = "Encryption";

/** Routes of the keys that protect secrets. They concern the whole installation. */
export const encryptionRoutes = {
  getEncryption: {
    id: "getEncryption",
    method: "GET",
    path: "/v1/encryption",
    tag,
    summary: "Say which keys protect secrets",
    description: "Ids and counts; never a key. A former master key that no data key names any more can be taken away.",
    access: keyWith("admin"),
    answer: { status: 200, description: "The keys, and the latest rotation.", schema: "Encryption" },
  },
  createKeyRotation: {
    id: "createKeyRotation",
    method: "POST",
    path: "/v1/encryption/rotations",
    tag,
    summary: "Rotate the master key or data keys",
    description:
      "Answers at once; a replica does the work, and another one continues it should that one end. Calls go on meanwhile. Refused with CONFLICT while another rotation runs, and while replicas do not have the same master key.",
    access: keyWith("admin"),
    body: { schema: "KeyRotationCreate" },
    answer: { status: 201, description: "The rotation, which has begun.", schema: "KeyRotation" },
    errors: ["CONFLICT", "RESOURCE_UNKNOWN"],
  },
  listKeyRotations: {
    id: "listKeyRotations",
    method: "GET",
    path: "/v1/encryption/rotations",
    tag,
    summary: "List rotations of keys",
    access: keyWith("admin"),
    answer: { status: 200, description: "The latest fifty.", schema: "KeyRotationList" },
  },
  getKeyRotation: {
    id: "getKeyRotation",
    method: "GET",
    path: "/v1/encryption/rotations/{id}",
    tag,
    summary: "Follow a rotation of keys",
    access: keyWith("admin"),
    parameters: { id: idParameter },
    answer: { status: 200, description: "The rotation and how far it is.", schema: "KeyRotation" },
    errors: ["RESOURCE_UNKNOWN"],
  },
} as const satisfies Readonly<Record<string, Route>>;
