# SPDX-License-Identifier: Apache-2.0
doorstep_add_library(doorstep_test_server
  SOURCES sync_client.cpp test_server.cpp
  DEPENDS doorstep_config doorstep_services LIBRARIES gRPC::grpc++)
target_compile_definitions(doorstep_test_server PRIVATE
  DOORSTEP_SERVER_BINARY="$<TARGET_FILE:doorstep-server>")
add_dependencies(doorstep_test_server doorstep-server)
