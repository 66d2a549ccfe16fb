# One region of AWS: network, load balancer, Fargate service, registry, secret, logs, alarms, access logs.
variable "region" {
  type        = string
  description = "The region."
}

locals {
  zones = { a = 0, b = 1, c = 2 }
  edge  = ["173.245.48.0/20", "103.21.244.0/22", "162.158.0.0/15", "104.16.0.0/13"]
}

resource "aws_vpc" "this" {
  region               = var.region
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "this" {
  region = var.region
  vpc_id = aws_vpc.this.id
}

resource "aws_flow_log" "this" {
  region          = var.region
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.service.arn
  iam_role_arn    = aws_iam_role.execution.arn
}

resource "aws_internet_gateway" "this" {
  region = var.region
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  for_each          = local.zones
  region            = var.region
  vpc_id            = aws_vpc.this.id
  availability_zone = "${var.region}${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value)
}

resource "aws_subnet" "private" {
  for_each          = local.zones
  region            = var.region
  vpc_id            = aws_vpc.this.id
  availability_zone = "${var.region}${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value + 10)
}

resource "aws_eip" "nat" {
  for_each = local.zones
  region   = var.region
  domain   = "vpc"
}

resource "aws_nat_gateway" "this" {
  for_each      = local.zones
  region        = var.region
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
}

resource "aws_route_table" "public" {
  region = var.region
  vpc_id = aws_vpc.this.id
}

resource "aws_route" "public" {
  region                 = var.region
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each       = local.zones
  region         = var.region
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = local.zones
  region   = var.region
  vpc_id   = aws_vpc.this.id
}

resource "aws_route" "private" {
  for_each               = local.zones
  region                 = var.region
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_route_table_association" "private" {
  for_each       = local.zones
  region         = var.region
  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_vpc_endpoint" "this" {
  for_each            = toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"])
  region              = var.region
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.task.id]
}

resource "aws_security_group" "lb" {
  region      = var.region
  vpc_id      = aws_vpc.this.id
  description = "Load balancer"
}

resource "aws_security_group" "task" {
  region      = var.region
  vpc_id      = aws_vpc.this.id
  description = "Tasks"
}

resource "aws_vpc_security_group_ingress_rule" "lb" {
  for_each          = toset(local.edge)
  region            = var.region
  security_group_id = aws_security_group.lb.id
  description       = "HTTPS from Cloudflare"
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "task" {
  region                       = var.region
  security_group_id            = aws_security_group.task.id
  description                  = "HTTP from the load balancer"
  referenced_security_group_id = aws_security_group.lb.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "task" {
  region            = var.region
  security_group_id = aws_security_group.task.id
  description       = "HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_acm_certificate" "this" {
  region            = var.region
  domain_name       = "${var.region}.api.example.com"
  validation_method = "DNS"
  lifecycle { create_before_destroy = true }
}

resource "aws_lb" "this" {
  region                     = var.region
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.lb.id]
  subnets                    = [for subnet in aws_subnet.public : subnet.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }
}

resource "aws_lb_target_group" "this" {
  region      = var.region
  vpc_id      = aws_vpc.this.id
  target_type = "ip"
  port        = 8080
  protocol    = "HTTP"
  health_check {
    path     = "/healthz/ready"
    interval = 10
  }
}

resource "aws_lb_listener" "this" {
  region            = var.region
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.this.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_kms_key" "this" {
  region              = var.region
  description         = "Secrets, images and logs"
  enable_key_rotation = true
}

resource "aws_ecr_repository" "this" {
  region               = var.region
  name                 = "exchange"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this.arn
  }
}

resource "aws_secretsmanager_secret" "this" {
  region     = var.region
  name       = "exchange-credentials"
  kms_key_id = aws_kms_key.this.arn
}

resource "aws_cloudwatch_log_group" "service" {
  region            = var.region
  name              = "exchange"
  retention_in_days = 400
  kms_key_id        = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "exchange-execution-${var.region}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role" "task" {
  name               = "exchange-task-${var.region}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_cluster" "this" {
  region = var.region
  name   = "exchange"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  region                   = var.region
  family                   = "exchange"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name                   = "exchange"
    image                  = "${aws_ecr_repository.this.repository_url}@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    readonlyRootFilesystem = true
    portMappings           = [{ containerPort = 8080 }]
    secrets                = [{ name = "CREDENTIALS", valueFrom = aws_secretsmanager_secret.this.arn }]
  }])
}

resource "aws_ecs_service" "this" {
  region          = var.region
  name            = "exchange"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = 6
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "exchange"
    container_port   = 8080
  }
  network_configuration {
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.task.id]
  }
}

resource "aws_appautoscaling_target" "this" {
  region             = var.region
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 6
  max_capacity       = 24
}

resource "aws_appautoscaling_policy" "cpu" {
  region             = var.region
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value = 50
    predefined_metric_specification { predefined_metric_type = "ECSServiceAverageCPUUtilization" }
  }
}

resource "aws_s3_bucket" "logs" {
  region = var.region
  bucket = "example-exchange-logs-${var.region}"
}

resource "aws_s3_bucket_versioning" "logs" {
  region = var.region
  bucket = aws_s3_bucket.logs.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  region = var.region
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  region                  = var.region
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_sns_topic" "alarms" {
  region            = var.region
  name              = "exchange-alarms"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = toset(["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime", "UnHealthyHostCount"])
  region              = var.region
  alarm_name          = "exchange-${each.key}"
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.key
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  period              = 60
  evaluation_periods  = 3
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix }
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

output "address" {
  value       = aws_lb.this.dns_name
  description = "Where the edge reaches the region."
}
