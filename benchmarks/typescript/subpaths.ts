// What the program takes of the provider's package, each from a path of its own: Node then loads these
// files, and not all 1,470 of the package.
export * as computeInstanceTemplate from "@cdktf/provider-google/lib/compute-instance-template";
export * as computeRegionInstanceGroupManager from "@cdktf/provider-google/lib/compute-region-instance-group-manager";
export * as projectIamCustomRole from "@cdktf/provider-google/lib/project-iam-custom-role";
export * as projectIamMember from "@cdktf/provider-google/lib/project-iam-member";
export * as projectService from "@cdktf/provider-google/lib/project-service";
export * as provider from "@cdktf/provider-google/lib/provider";
export * as pubsubSubscription from "@cdktf/provider-google/lib/pubsub-subscription";
export * as pubsubSubscriptionIamMember from "@cdktf/provider-google/lib/pubsub-subscription-iam-member";
export * as pubsubTopic from "@cdktf/provider-google/lib/pubsub-topic";
export * as pubsubTopicIamMember from "@cdktf/provider-google/lib/pubsub-topic-iam-member";
export * as secretManagerSecret from "@cdktf/provider-google/lib/secret-manager-secret";
export * as secretManagerSecretIamMember from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
export * as secretManagerSecretVersion from "@cdktf/provider-google/lib/secret-manager-secret-version";
export * as serviceAccount from "@cdktf/provider-google/lib/service-account";
export * as storageBucket from "@cdktf/provider-google/lib/storage-bucket";
export * as storageBucketIamMember from "@cdktf/provider-google/lib/storage-bucket-iam-member";
