# SPDX-License-Identifier: Apache-2.0
# Our own small rota, quiet and with kills, and the three published ones where they are at hand:
# in the environment's DOORSTEP_DATA at configure time, else beside the sources.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
set(DOORSTEP_DATA "$ENV{DOORSTEP_DATA}" CACHE PATH "Folder with rotas/, the published rotas")
set(published "${DOORSTEP_DATA}")
if(NOT published)
  set(published "${CMAKE_SOURCE_DIR}/../shared/data")
endif()

function(add_replay_test name rota)
  add_test(NAME golden.replay_rota.${name}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/replay_rota_test.py ${rota}
      $<TARGET_FILE:doorstep-replay-rota> --server $<TARGET_FILE:doorstep-server>
      --phone $<TARGET_FILE:doorstep-phone> ${ARGN})
  set_tests_properties(golden.replay_rota.${name} PROPERTIES
    SKIP_RETURN_CODE 77 PROCESSORS 2 TIMEOUT 240)
endfunction()

if(TARGET doorstep-server AND TARGET doorstep-phone)
  add_replay_test(own ${CMAKE_CURRENT_LIST_DIR}/rota)
  add_replay_test(own_kill ${CMAKE_CURRENT_LIST_DIR}/rota --kill)
  foreach(rota cesena perugia venice)
    add_replay_test(${rota} ${published}/rotas/${rota})
  endforeach()
  add_replay_test(cesena_kill ${published}/rotas/cesena --kill)
endif()
