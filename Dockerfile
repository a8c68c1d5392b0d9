# One image per app: docker build --build-arg APP=stock-authority .
FROM node:24-slim AS build
WORKDIR /repo
COPY . .
RUN npm ci
ARG APP=stock-authority
RUN NX_ISOLATE_PLUGINS=false npx nx build @samlast/$APP \
 && mkdir /out && cp -r apps/$APP/dist/. /out/ && rm -f /out/*.map && echo '{"type":"module"}' > /out/package.json

# Makes and verifies the topics, then ends.
FROM build AS topics
USER node
CMD ["node", "--import", "./tools/typescript.mjs", "libs/messaging/src/topics.main.ts"]

FROM node:24-slim AS app
ENV NODE_ENV=production KAFKAJS_NO_PARTITIONER_WARNING=1
WORKDIR /app
COPY --from=build /out .
USER node
EXPOSE 8080
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "main.js"]
