# One image for all functions: each is one file, chosen by the command [/nodejs/bin/node, /app/NAME.cjs].

# What is built is JavaScript, the same for every processor: so build on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY functions functions
RUN npm run build

# Node and its libraries: no shell, no npm, no node_modules.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /src/dist/*.cjs ./
ENV NODE_ENV=production
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
# Without a command of its own a container says what it holds instead of running something at random.
CMD ["-e", "console.error('choose a function: ' + require('fs').readdirSync('/app').join(', ')); process.exit(64)"]
