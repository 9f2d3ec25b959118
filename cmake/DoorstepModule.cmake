# SPDX-License-Identifier: Apache-2.0
# One folder is one static library with declared dependencies; tests/tidy holds includes to them.
#
#   doorstep_add_library(doorstep_journal
#     SOURCES journal.cpp DEPENDS doorstep_core LIBRARIES SQLite::SQLite3)
#
# DEPENDS: libraries of ours (public). LIBRARIES: libraries of others (public).
function(doorstep_add_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE doorstep_warnings PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_DEPENDS} ${arg_LIBRARIES})
  endif()
endfunction()

function(doorstep_add_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE doorstep_warnings ${arg_DEPENDS} ${arg_LIBRARIES})
endfunction()
