# SPDX-License-Identifier: Apache-2.0
find_package(CLI11 REQUIRED)
doorstep_add_executable(doorstep-replay-rota
  SOURCES replay_rota.cpp replay_rota_api.cpp replay_rota_audit.cpp replay_rota_folder.cpp
    replay_rota_killer.cpp replay_rota_phones.cpp replay_rota_processes.cpp replay_rota_proofs.cpp
    replay_rota_server.cpp
  DEPENDS doorstep_https_client doorstep_server_roster doorstep_core doorstep_crypto
    doorstep_evidence doorstep_wire doorstep_proto
  LIBRARIES CLI11::CLI11 nlohmann_json::nlohmann_json Threads::Threads)
