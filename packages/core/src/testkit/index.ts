/** For tests that want a key service: servers on loopback that play AWS KMS and Vault. */
export {
  type KeyServiceStandIn,
  type KmsCredentials,
  startKmsStandIn,
  startVaultStandIn,
  type VaultStandIn,
} from "./key-service-stand-ins.ts";
