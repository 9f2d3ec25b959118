#SPDX - License - Identifier : Apache - 2.0
doorstep_add_library(
    doorstep_https_client SOURCES https_client.cpp DEPENDS doorstep_core LIBRARIES OpenSSL::SSL)
