/** For tests that want a TLS server of their own, client certificates included. */
export { type Certificate, type CertificateOptions, makeCertificate } from "./make-certificate.ts";
