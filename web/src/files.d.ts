// `asset:package/path` is the address under which that file is served (see build.mjs).
declare module "asset:*" {
  const address: string;
  export default address;
}
declare module "*.css";
