// Builds the page: `node build.mjs FOLDER`. Every asset's name holds a hash of its content, so that it can be kept for ever;
// index.html alone is asked for anew, and names the assets.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const assets = join(out, "assets");
const require = createRequire(import.meta.url);

/** `import url from "asset:package/path"`: the file goes beside the scripts, the import is its address. */
const files = {
  name: "files",
  setup(build) {
    build.onResolve({ filter: /^asset:/ }, ({ path }) => ({ path: require.resolve(path.slice(6)), namespace: "asset" }));
    build.onLoad({ filter: /.*/, namespace: "asset" }, async ({ path }) => ({ contents: await readFile(path), loader: "file" }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(assets, { recursive: true });
const built = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.tsx" },
  outdir: assets,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/assets/",
  legalComments: "linked",
  metafile: true,
  loader: { ".png": "file" },
  plugins: [files],
  logLevel: "warning",
});

const outputs = Object.entries(built.metafile.outputs);
const address = ([path]) => `/assets/${relative(assets, join(here, path))}`;
const entry = outputs.find(([, { entryPoint }]) => entryPoint === "src/main.tsx");
const style = outputs.find(([path]) => path === entry[1].cssBundle);
const needed = entry[1].imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => address([path]));

const icon = await hashed("icon.svg");
const page = (await readFile(join(here, "index.html"), "utf8"))
  .replace("<!-- assets -->", [
    `<link rel="icon" href="${icon}" type="image/svg+xml">`,
    `<link rel="stylesheet" href="${address(style)}">`,
    ...needed.map((path) => `<link rel="modulepreload" href="${path}">`),
    `<script type="module" src="${address(entry)}"></script>`,
  ].join("\n    "));
await writeFile(join(out, "index.html"), page);

// What has to travel before the page shows something, as a browser gets it
const first = [entry, ...outputs.filter(([path]) => needed.includes(address([path])))];
const bytes = await Promise.all(first.map(async ([path]) => gzipSync(await readFile(join(here, path))).length));
const sum = bytes.reduce((total, each) => total + each, 0);
await writeFile(join(out, "sizes.json"), JSON.stringify({ script: sum, files: first.map(([path]) => basename(path)) }));
console.log(`the page: ${(sum / 1000).toFixed(1)} kB of compressed script before the map`);

async function hashed(name) {
  const content = await readFile(join(here, name));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const [stem, suffix] = name.split(".");
  const target = `${stem}-${hash}.${suffix}`;
  await copyFile(join(here, name), join(assets, target));
  return `/assets/${target}`;
}
