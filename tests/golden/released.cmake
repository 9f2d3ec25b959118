# SPDX-License-Identifier: Apache-2.0
# Bytes and files of every release from 0.2 on (tests/golden/released/<version>), which every later
# build reads, extends and serves. For a new release: tests/golden/make_released.sh BUILD_FOLDER.
find_package(nlohmann_json REQUIRED)
find_package(Protobuf REQUIRED)
find_program(PROTOC protoc REQUIRED)
set(contract ${CMAKE_CURRENT_BINARY_DIR}/contract.binpb)
file(GLOB_RECURSE contractFiles CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/proto/doorstep/*.proto)
add_custom_command(OUTPUT ${contract}
  COMMAND ${PROTOC} -I ${PROJECT_SOURCE_DIR}/proto --include_imports
    --descriptor_set_out=${contract} ${contractFiles}
  DEPENDS ${contractFiles} VERBATIM)
add_custom_target(doorstep_contract_descriptors DEPENDS ${contract})

doorstep_add_library(doorstep_released
  SOURCES released/contract_messages.cpp released/released_carer.cpp
  DEPENDS doorstep_headless_phone doorstep_test_server
  LIBRARIES nlohmann_json::nlohmann_json protobuf::libprotobuf)
target_compile_definitions(doorstep_released PUBLIC
  DOORSTEP_CONTRACT_DESCRIPTORS="${contract}"
  DOORSTEP_RELEASED_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}/released")
add_dependencies(doorstep_released doorstep_contract_descriptors)

doorstep_add_executable(make_released
  SOURCES released/make_released_main.cpp
  DEPENDS doorstep_released)
doorstep_add_executable(released_test
  SOURCES released/released_test.cpp
  DEPENDS doorstep_released doorstep_catch_main)
add_test(NAME golden.released COMMAND released_test)
