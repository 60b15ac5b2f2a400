// The same stacks as `make synth` writes, byte for byte, as a TypeScript program: for measuring,
// not for use. It reads the same YAML, but checks nothing.
//
//   node build/main.js CHECKOUT OUTDIR
//
// With USUAL_IMPORT in the environment it imports the provider's package as its documentation has
// it, whole; without, only the files that it needs.

import { createHash } from "crypto";
import { readFileSync } from "fs";
import { join } from "path";

import { App, GcsBackend, TerraformOutput, TerraformResource, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { parse } from "yaml";

import type * as Google from "./subpaths";

const google: typeof Google = require(
  process.env.USUAL_IMPORT ? "@cdktf/provider-google" : "./subpaths",
);

interface Fleet {
  accelerator: string;
  machine_types: Record<string, string>;
  regions: Record<string, string[]>;
}

interface Settings {
  project: string;
  protected?: boolean;
  state_bucket: string;
  images_project: string;
  results_buckets: Record<string, string>;
  fleets: Record<string, Fleet>;
  local?: { clusters: string[] };
}

const JOBS = "pipeline-zen-jobs";
const ACCOUNT = `${JOBS}-sa`;
const CONFIG = `${JOBS}-config`;
const APIS = [
  "compute",
  "iam",
  "logging",
  "monitoring",
  "cloudresourcemanager",
  "pubsub",
  "secretmanager",
  "storage",
];

const [, , checkout, outdir] = process.argv;
const read = (file: string) => readFileSync(join(checkout, file), "utf8");
const version = read("VERSION").trim().replaceAll(".", "-");
const [, provider] = /^VERSION = "(.+)"$/m.exec(read("constructs/pipeline_zen/versions.py")) ?? [];

/** JSON as Python writes it, with sorted keys: the digest in a template's name is taken of it. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(pythonJson).join(", ")}]`;
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

const sorted = <T>(items: Record<string, T>): [string, T][] =>
  Object.entries(items).sort(([a], [b]) => (a < b ? -1 : 1));

class Environment extends TerraformStack {
  private readonly shielded: boolean;
  private readonly labels: Record<string, string>;
  private readonly services: Record<string, Google.projectService.ProjectService> = {};
  private readonly roles: Record<string, string> = {};
  private member = "";

  constructor(
    scope: Construct,
    private readonly environment: string,
    private readonly settings: Settings,
  ) {
    super(scope, environment);
    this.shielded = settings.protected ?? true;
    this.labels = { app: "pipeline-zen", env: environment };
    new GcsBackend(this, { bucket: settings.state_bucket, prefix: `pipeline-zen/${environment}` });
    new google.provider.GoogleProvider(this, "google", {
      project: settings.project,
      defaultLabels: this.labels,
    });
    this.addOverride("terraform.required_version", ">= 1.12.4");
    this.addOverride("terraform.required_providers.google", {
      source: "hashicorp/google",
      version: provider,
    });
    this.makeServices();
    this.makeRoles();
    const account = this.makeAccount();
    this.makeSecret();
    const buckets = this.makeBuckets();
    const topics = this.makeMessaging();
    const fleets = this.makeFleet();
    this.output("service_account", "The account that every VM runs as", account.email);
    this.output("buckets", "The buckets, for results and for datasets", buckets);
    this.output("topics", "The Pub/Sub topics", topics);
    this.output(
      "fleets",
      "Each cluster's template, and its managed instance group by region",
      fleets,
    );
  }

  private output(id: string, description: string, value: unknown) {
    new TerraformOutput(this, id, { description, value });
  }

  private settle<T extends TerraformResource>(resource: T, id: string, keep = false): T {
    resource.overrideLogicalId(id);
    if (keep && this.shielded) {
      resource.addOverride("lifecycle", { prevent_destroy: true });
      resource.addOverride("deletion_policy", "ABANDON");
    }
    return resource;
  }

  private makeServices() {
    const scope = new Construct(this, "services");
    for (const name of APIS) {
      const service = `${name}.googleapis.com`;
      this.services[name] = this.settle(
        new google.projectService.ProjectService(scope, service, {
          project: this.settings.project,
          service,
          disableOnDestroy: false,
        }),
        name,
      );
    }
  }

  private makeRoles() {
    const scope = new Construct(this, "roles");
    const role = (roleId: string, title: string, description: string, permissions: string[]) => {
      const made = this.settle(
        new google.projectIamCustomRole.ProjectIamCustomRole(scope, roleId, {
          project: this.settings.project,
          roleId,
          title,
          description,
          permissions,
          dependsOn: [this.services.iam],
        }),
        roleId,
        true,
      );
      this.roles[roleId] = `projects/${this.settings.project}/roles/${made.roleId}`;
    };
    role("bucket_lister", "Bucket Lister", "Sees which buckets there are and how each is set up", [
      "storage.buckets.get",
      "storage.buckets.list",
    ]);
    role(
      "pipelineZenResultsWriter",
      "Pipeline Zen Results Writer",
      "Writes results, over earlier ones too, and publishes them",
      [
        "storage.objects.create",
        "storage.objects.delete",
        "storage.objects.get",
        "storage.objects.getIamPolicy",
        "storage.objects.setIamPolicy",
        "storage.objects.update",
      ],
    );
    role(
      "pipelineZenSubscriptionConsumer",
      "Pipeline Zen Subscription Consumer",
      "Pulls and acknowledges messages",
      ["pubsub.subscriptions.consume"],
    );
    role("vm_deleter", "VM Deleter", "Deletes VMs", ["compute.instances.delete"]);
    role(
      "pipelineZenOperationReader",
      "Pipeline Zen Operation Reader",
      "Follows the deletion of a VM until it is done",
      ["compute.zoneOperations.get"],
    );
  }

  private makeAccount(): Google.serviceAccount.ServiceAccount {
    const scope = new Construct(this, "account");
    const { project } = this.settings;
    const account = this.settle(
      new google.serviceAccount.ServiceAccount(scope, "Resource", {
        project,
        accountId: ACCOUNT,
        displayName: "Pipeline Zen Jobs Service Account",
        description: "Service account for running pipeline jobs",
        dependsOn: [this.services.iam],
      }),
      ACCOUNT,
      true,
    );
    this.member = account.member;
    const grant = (
      role: string,
      word: string,
      condition?: Google.projectIamMember.ProjectIamMemberCondition,
    ) => {
      const id = `${project}-${word}-${ACCOUNT}`;
      this.settle(
        new google.projectIamMember.ProjectIamMember(scope, id, {
          project,
          role,
          member: this.member,
          condition,
          dependsOn: [this.services.cloudresourcemanager],
        }),
        id,
      );
    };
    grant(this.roles.vm_deleter, "vm_deleter", {
      title: `${JOBS} VMs`,
      description: "The VMs of the managed instance groups",
      expression:
        'resource.type == "compute.googleapis.com/Instance" && ' +
        `resource.name.extract("/instances/{name}").startsWith("${JOBS}-")`,
    });
    grant(this.roles.pipelineZenOperationReader, "pipelineZenOperationReader");
    grant("roles/logging.logWriter", "logWriter");
    grant("roles/monitoring.metricWriter", "metricWriter");
    return account;
  }

  private makeSecret() {
    const scope = new Construct(this, "secret");
    const secret = this.settle(
      new google.secretManagerSecret.SecretManagerSecret(scope, "Resource", {
        project: this.settings.project,
        secretId: CONFIG,
        deletionProtection: this.shielded,
        replication: { auto: {} },
        dependsOn: [this.services.secretmanager],
      }),
      CONFIG,
      true,
    );
    const file = `"\${path.module}/../../../${this.environment}-config.env"`;
    this.settle(
      new google.secretManagerSecretVersion.SecretManagerSecretVersion(scope, "Version", {
        secret: secret.id,
        secretDataWo: `\${file(${file})}`,
        secretDataWoVersion: Token.asNumber(
          `\${parseint(substr(filesha256(${file}), 0, 7), 16) + 1}`,
        ),
        deletionPolicy: "DISABLE",
        lifecycle: { createBeforeDestroy: true },
      }),
      CONFIG,
    );
    const id = `${CONFIG}-secretAccessor-${ACCOUNT}`;
    this.settle(
      new google.secretManagerSecretIamMember.SecretManagerSecretIamMember(scope, id, {
        project: this.settings.project,
        secretId: secret.secretId,
        role: "roles/secretmanager.secretAccessor",
        member: this.member,
      }),
      id,
    );
  }

  private makeBuckets(): string[] {
    const results: Record<string, string> = {};
    for (const [suffix, location] of Object.entries(this.settings.results_buckets)) {
      results[`lum-${this.environment}-${JOBS}-${suffix}`] = location;
    }
    const datasets: Record<string, string> = {
      [`lum-${this.environment}-pipeline-zen-datasets`]: "US",
    };
    if (this.settings.local) {
      results[`lum-local-${JOBS}-us`] = "US";
      datasets["lum-local-pipeline-zen-datasets"] = "US";
    }
    for (const [name, location] of sorted(results)) {
      this.makeBucket(name, location, true, [
        ["bucket_lister", this.roles.bucket_lister],
        ["pipelineZenResultsWriter", this.roles.pipelineZenResultsWriter],
      ]);
    }
    for (const [name, location] of sorted(datasets)) {
      this.makeBucket(name, location, false, [
        ["legacyObjectReader", "roles/storage.legacyObjectReader"],
      ]);
    }
    return [...Object.keys(results), ...Object.keys(datasets)].sort();
  }

  private makeBucket(name: string, location: string, open: boolean, grants: [string, string][]) {
    const scope = new Construct(this, name);
    const bucket = this.settle(
      new google.storageBucket.StorageBucket(scope, "Resource", {
        project: this.settings.project,
        name,
        location,
        forceDestroy: false,
        uniformBucketLevelAccess: !open,
        publicAccessPrevention: open ? "inherited" : "enforced",
        dependsOn: [this.services.storage],
      }),
      name,
      true,
    );
    for (const [word, role] of grants) {
      const id = `${name}-${word}-${ACCOUNT}`;
      this.settle(
        new google.storageBucketIamMember.StorageBucketIamMember(scope, id, {
          bucket: bucket.name,
          role,
          member: this.member,
        }),
        id,
      );
    }
  }

  private makeMessaging(): string[] {
    const { local, fleets } = this.settings;
    const heartbeats = [`${JOBS}-heartbeats`, ...(local ? [`${JOBS}-heartbeats-local`] : [])];
    const meta = [`${JOBS}-meta`, ...(local ? [`${JOBS}-meta-local`] : [])];
    const start = this.makeTopic(`${JOBS}-start`);
    const stop = this.makeTopic(`${JOBS}-stop`);
    this.makeTopic(heartbeats[0], true);
    this.makeTopic(meta[0]);
    for (const name of heartbeats.slice(1)) this.makeTopic(name, true);
    for (const name of meta.slice(1)) this.makeTopic(name);

    const clusters = sorted(fleets).flatMap(([fleet, { machine_types }]) =>
      Object.keys(machine_types).map((gpus) => `${gpus}x${fleet}`),
    );
    for (const cluster of [...clusters, ...(local?.clusters ?? [])].sort()) {
      this.makeSubscription(`${JOBS}-start-runner-${cluster}`, start, cluster);
    }
    this.makeSubscription(`${JOBS}-stop-runner`, stop);
    return [`${JOBS}-start`, `${JOBS}-stop`, ...heartbeats, ...meta].sort();
  }

  private makeTopic(name: string, publish = false): string {
    const scope = new Construct(this, name);
    const topic = this.settle(
      new google.pubsubTopic.PubsubTopic(scope, "Resource", {
        project: this.settings.project,
        name,
        dependsOn: [this.services.pubsub],
      }),
      name,
      true,
    );
    if (publish) {
      const id = `${name}-publisher-${ACCOUNT}`;
      this.settle(
        new google.pubsubTopicIamMember.PubsubTopicIamMember(scope, id, {
          project: this.settings.project,
          topic: topic.name,
          role: "roles/pubsub.publisher",
          member: this.member,
        }),
        id,
      );
    }
    return topic.name;
  }

  private makeSubscription(name: string, topic: string, cluster?: string) {
    const scope = new Construct(this, name);
    const subscription = this.settle(
      new google.pubsubSubscription.PubsubSubscription(scope, "Resource", {
        project: this.settings.project,
        name,
        topic,
        filter: cluster ? `attributes.cluster = "${cluster}"` : undefined,
        ackDeadlineSeconds: 60,
        messageRetentionDuration: "345600s",
        retainAckedMessages: false,
        enableExactlyOnceDelivery: true,
        expirationPolicy: { ttl: "" },
      }),
      name,
      true,
    );
    const id = `${name}-pipelineZenSubscriptionConsumer-${ACCOUNT}`;
    this.settle(
      new google.pubsubSubscriptionIamMember.PubsubSubscriptionIamMember(scope, id, {
        project: this.settings.project,
        subscription: subscription.name,
        role: this.roles.pipelineZenSubscriptionConsumer,
        member: this.member,
      }),
      id,
    );
  }

  private makeFleet(): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, fleet] of sorted(this.settings.fleets)) {
      for (const [gpus, machineType] of Object.entries(fleet.machine_types)) {
        const cluster = `${gpus}x${name}`;
        made[cluster] = this.makeCluster(cluster, fleet, Number(gpus), machineType);
      }
    }
    return made;
  }

  private makeCluster(cluster: string, fleet: Fleet, gpus: number, machineType: string) {
    const scope = new Construct(this, cluster);
    const { project } = this.settings;
    const image = `projects/${this.settings.images_project}/global/images/${JOBS}-${version}`;
    const email = `\${google_service_account.${ACCOUNT}.email}`;
    const scopes = ["https://www.googleapis.com/auth/cloud-platform"];
    const metadata = {
      "startup-script": "/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh",
      PZ_ENV: this.environment,
    };
    const labels = { ...this.labels, cluster };
    const device = `${JOBS}-${cluster}-${version}-disk`;
    const contents = pythonJson({
      project,
      machine_type: machineType,
      disk: [
        {
          auto_delete: true,
          boot: true,
          device_name: device,
          disk_size_gb: 2000,
          disk_type: "pd-balanced",
          mode: "READ_WRITE",
          source_image: image,
        },
      ],
      network_interface: [
        { network: "default", access_config: [{ network_tier: "PREMIUM" }] },
      ],
      guest_accelerator: [{ type: fleet.accelerator, count: gpus }],
      service_account: { email, scopes },
      metadata,
      scheduling: {
        automatic_restart: false,
        on_host_maintenance: "TERMINATE",
        provisioning_model: "STANDARD",
      },
      shielded_instance_config: {
        enable_integrity_monitoring: false,
        enable_secure_boot: false,
        enable_vtpm: false,
      },
      reservation_affinity: { type: "NO_RESERVATION" },
      labels,
    });
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 8);
    const templateName = `${JOBS}-${cluster}-${version}-${digest}-tpl`;
    const template = this.settle(
      new google.computeInstanceTemplate.ComputeInstanceTemplate(scope, "Template", {
        name: templateName,
        project,
        machineType,
        disk: [
          {
            autoDelete: true,
            boot: true,
            deviceName: device,
            diskSizeGb: 2000,
            diskType: "pd-balanced",
            mode: "READ_WRITE",
            sourceImage: image,
          },
        ],
        networkInterface: [{ network: "default", accessConfig: [{ networkTier: "PREMIUM" }] }],
        guestAccelerator: [{ type: fleet.accelerator, count: gpus }],
        serviceAccount: { email, scopes },
        metadata,
        scheduling: {
          automaticRestart: false,
          onHostMaintenance: "TERMINATE",
          provisioningModel: "STANDARD",
        },
        shieldedInstanceConfig: {
          enableIntegrityMonitoring: false,
          enableSecureBoot: false,
          enableVtpm: false,
        },
        reservationAffinity: { type: "NO_RESERVATION" },
        labels,
        lifecycle: { createBeforeDestroy: true },
        dependsOn: [this.services.compute],
      }),
      `${JOBS}-${cluster}-tpl`,
    );
    const groups: Record<string, string> = {};
    for (const [region, letters] of sorted(fleet.regions)) {
      const name = `${JOBS}-${cluster}-${region}-mig`;
      groups[region] = name;
      const zones = [...letters].sort().map((letter) => `${region}-${letter}`);
      this.settle(
        new google.computeRegionInstanceGroupManager.ComputeRegionInstanceGroupManager(
          scope,
          region,
          {
            project,
            name,
            baseInstanceName: `${JOBS}-${cluster}-${region}-vm`,
            region,
            distributionPolicyZones: zones,
            distributionPolicyTargetShape: "ANY",
            version: [{ instanceTemplate: template.id }],
            updatePolicy: {
              type: "OPPORTUNISTIC",
              minimalAction: "NONE",
              instanceRedistributionType: "NONE",
              maxSurgeFixed: zones.length,
              maxUnavailableFixed: zones.length,
            },
            instanceLifecyclePolicy: {
              defaultActionOnFailure: "DO_NOTHING",
              forceUpdateOnRepair: "NO",
            },
            standbyPolicy: { mode: "MANUAL" },
          },
        ),
        name,
      );
    }
    return { template: templateName, groups };
  }
}

const app = new App({ outdir });
const base = parse(read("config/base.yaml"));
for (const environment of ["dev", "prod"]) {
  new Environment(app, environment, { ...base, ...parse(read(`config/${environment}.yaml`)) });
}
app.synth();
